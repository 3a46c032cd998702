/**
 * The one spelling of a clip's name by which tables and files are matched: slashes forward, no leading "./", none that
 * says nothing within ("a//b", "a/./b"), and composed Unicode (macOS lists "é" as two characters, tables hold one).
 */
export function clipName(text: string): string {
  return (
    text
      .replaceAll('\\', '/')
      .replace(/^(\.\/)+/, '')
      // Not those of an address: s3://bucket/clips.
      .replace(/(?<=[^/:])\/(\.?\/)+/g, '/')
      .normalize('NFC')
  );
}

/** Whole paths of Windows (`C:/clips`, once its slashes are turned) and addresses (`s3://bucket/clips`). */
const elsewhere = /^(?:[a-z]:(?:\/|$)|[a-z][a-z0-9+.-]+:\/\/)/i;

/** Whether a name stays inside the clips folder, on any system: outputs are named after it. */
export function isInside(name: string): boolean {
  const turned = name.replaceAll('\\', '/');
  return (
    name !== '' &&
    !turned.startsWith('/') &&
    !elsewhere.test(turned) &&
    !name.includes('\0') &&
    !turned.split('/').includes('..')
  );
}
