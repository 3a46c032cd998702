/** A platform that native libraries are made for. */
export interface Target {
  /** As package names end: `<process.platform>-<process.arch>`. */
  readonly name: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly arch: 'x64' | 'arm64';
  /** What the cross compiler calls it, with the oldest C library that it is to run on. */
  readonly triple: string;
}

/** Node's platforms that a release serves; elsewhere LightGBM is compiled, or members that need it are left out. */
export const targets: readonly Target[] = [
  // glibc 2.28 is Debian 10's, Ubuntu 18.10's and RHEL 8's, and the oldest that Node 20 runs on.
  { name: 'linux-x64', platform: 'linux', arch: 'x64', triple: 'x86_64-linux-gnu.2.28' },
  { name: 'linux-arm64', platform: 'linux', arch: 'arm64', triple: 'aarch64-linux-gnu.2.28' },
  { name: 'darwin-arm64', platform: 'darwin', arch: 'arm64', triple: 'aarch64-macos' },
  { name: 'win32-x64', platform: 'win32', arch: 'x64', triple: 'x86_64-windows-gnu' },
];

/** File name of a shared library, for example `lib_lightgbm.so`. */
export function libraryFile(stem: string, { platform }: Target): string {
  if (platform === 'win32') return `${stem}.dll`;
  return `${stem}.${platform === 'darwin' ? 'dylib' : 'so'}`;
}
