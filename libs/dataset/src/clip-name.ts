/**
 * The one spelling of a clip's name by which tables and files are matched: slashes forward, no leading "./", and
 * composed Unicode (macOS lists "é" as two characters, tables hold one).
 */
export function clipName(text: string): string {
  return text
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .normalize('NFC');
}

/** Whether a name stays inside the clips folder: outputs are named after it. */
export function isInside(name: string): boolean {
  return name !== '' && !name.startsWith('/') && !name.includes('\0') && !name.split('/').includes('..');
}
