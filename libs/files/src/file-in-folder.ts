import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Whether a path that a file from elsewhere gives is a plain one below its folder: relative, with forward slashes. */
export function isPlainPath(path: string): boolean {
  if (path === '' || path.length > 1000 || /[\x00-\x1f\x7f\\]|^[a-z]:/i.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * Follows a path that a file from elsewhere gives, below the folder it is about. Nothing is opened: pipes and devices
 * would not end.
 * @returns where the file lies; or in words why it may not be read
 */
export async function fileInFolder(
  folder: string,
  path: string,
): Promise<{ readonly file: string; readonly bytes: number } | { readonly fault: string }> {
  if (!isPlainPath(path)) return { fault: 'does not lie in its folder' };
  const file = join(folder, path);
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(file)]);
    if (!real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return { fault: 'is a link out of its folder' };
    const info = await stat(real);
    return info.isFile() ? { file, bytes: info.size } : { fault: 'is no file, but a folder, a pipe or a device' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { fault: 'is gone' };
    return { fault: code === 'ELOOP' ? 'is a link that leads nowhere' : `cannot be read: ${message}` };
  }
}

/** Bytes of a text that is read whole: of cards, descriptors and settings, which have some thousands. */
const mostText = 2 ** 26;

/**
 * The text of a file below its folder, in UTF-8, where {@link fileInFolder} finds it and it is no larger than such files are.
 * @throws Error that says in words why it may not be read; its cause is the system's, where there is one
 */
export async function textInFolder(folder: string, path: string): Promise<string> {
  const found = await fileInFolder(folder, path);
  if ('fault' in found) throw new Error(`${path} ${found.fault}`);
  if (found.bytes > mostText) throw new Error(`${path} has ${found.bytes} bytes, where at most ${mostText} are read`);
  return readFile(found.file, 'utf8');
}
