import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { exitStatus, type ExitStatus } from './exit-status.ts';

/** Codes of the operating system that people can act on. */
const systemHints: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room and run the same command again, it goes on from what was finished',
  EACCES: 'the permissions of that file or folder do not allow it',
  EPERM: 'the permissions of that file or folder do not allow it',
  EROFS: 'that place can only be read: name another with --out',
  EDQUOT:
    'your share of the disk is used up: make room and run the same command again, it goes on from what was finished',
  EFBIG:
    'files may not be that large here: raise the limit (ulimit -f) and run the same command again, it goes on from ' +
    'what was finished',
  EIO: 'the disk or card cannot be read or written: check it and run the same command again',
  ENOENT: 'it is not there, or that place takes no new folders: check the path',
  ENOTDIR: 'a part of that path is a file, not a folder',
  EISDIR: 'that is a folder: name a file in it',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
  EADDRINUSE: 'another program listens there: name another port with --port, 0 for any free one',
  EADDRNOTAVAIL: 'this machine has no such address: name one of its own with --host, or leave it out',
};

/** An error as one clear line with its code (two with a hint), without a stack trace unless PRIMATRIX_DEBUG is set. */
export function describeFailure(error: unknown): { readonly text: string; readonly status: ExitStatus } {
  const status = error instanceof UsageError ? exitStatus.usage : exitStatus.failed;
  if (!(error instanceof Error)) return { text: `primatrix: ${String(error)}`, status };
  const hint = (error instanceof PrimatrixError ? error.hint : undefined) ?? systemHint(error);
  const known = error instanceof PrimatrixError || hint !== undefined;
  const lines = [`primatrix: ${error.message}${codeOf(error)}`];
  if (hint !== undefined) lines.push(`  ${hint}`);
  if (!known) lines.push('  this is a fault of primatrix: run again with PRIMATRIX_DEBUG=1 and report what it prints');
  if (process.env['PRIMATRIX_DEBUG'] !== undefined) lines.push(error.stack ?? '');
  return { text: lines.join('\n'), status };
}

/** Libraries wrap what the system said: the code may be in a cause, or in the message alone (native libraries). */
function systemHint(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const own =
    systemHints[(error as NodeJS.ErrnoException).code ?? ''] ??
    systemHints[/\bE[A-Z]{3,}\b/.exec(error.message)?.[0] ?? ''];
  return own ?? systemHint(error.cause);
}

/** The code to look for in docs/troubleshooting.md: a clip's fault where it is about one, as after the reason of a failed clip. */
function codeOf(error: Error): string {
  if (!(error instanceof PrimatrixError)) return '';
  return ` [${error.fields['fault'] ?? error.code}]`;
}
