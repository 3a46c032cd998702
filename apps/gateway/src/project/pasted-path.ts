import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const quotes = /^(["'“‘«])(.*)(["'”’»])$/s;

/**
 * The path that somebody pasted: without quotes as file managers copy them, `~` as the home folder, `file:` addresses
 * and a shell's backslashes before spaces as what they stand for.
 */
export function pastedPath(text: string, home = homedir()): string {
  const bare = quotes.exec(text.trim())?.[2] ?? text.trim();
  if (/^file:\/\//i.test(bare)) {
    try {
      return fileURLToPath(bare);
    } catch {
      return bare;
    }
  }
  // On Windows a backslash separates folders.
  const path = bare.startsWith('/') || bare.startsWith('~') ? bare.replaceAll(/\\(?=[^\w])/g, '') : bare;
  return path === '~' || path.startsWith('~/') || path.startsWith('~\\') ? join(home, path.slice(1)) : path;
}
