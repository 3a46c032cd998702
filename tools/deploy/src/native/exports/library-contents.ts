/** What a shared library says of itself to the system that loads it. */
export interface LibraryContents {
  /** As `process.platform` and `process.arch` name them. */
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly arch: 'x64' | 'arm64';
  /** Names that a program can ask for, as C declares them; on macOS and Windows variables are among them. */
  readonly functions: readonly string[];
}
