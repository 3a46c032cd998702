import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { readDocPage, type DocBlock } from './doc-page.ts';
import { openShell, type ShellResult, type ShellSession } from './shell-session.ts';
import { compareShown } from './shown-output.ts';

export interface Reader {
  /** Where the page is followed. */
  readonly folder: string;
  /** Programs that go before those of the machine: the text of a shell script by name. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What commands say in the page, and what stands for it here, such as addresses that are in use. */
  readonly instead?: readonly (readonly [shown: string, here: string])[];
  /** What a reader does with a program that goes on, before it is stopped. */
  readonly meanwhile?: (output: string) => Promise<void>;
}

/** What came of a page. */
export interface Followed {
  readonly ran: number;
  readonly notRun: readonly { readonly where: string; readonly reason: string }[];
}

/** `npx` starts what the workspace has installed; the real one looks it up in the same place, and takes half a second to do so. */
const npx = 'exec "$@"';

/**
 * Does what a page says, command after command in one shell, and compares what is printed with what the page shows.
 * @throws Error naming the line of the page that does not hold
 */
export async function followPage(path: string, reader: Reader): Promise<Followed> {
  const { blocks } = readDocPage(path);
  const notRun: { where: string; reason: string }[] = [];
  let ran = 0;
  await using programs = await temporaryFolder('primatrix-programs-');
  for (const [name, script] of Object.entries({ npx, ...reader.programs })) {
    await writeFile(programs.join(name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  await using shell = openShell(reader.folder, environment(programs.path, reader.env));
  for (const block of blocks) {
    if (block.file !== undefined) {
      const place = join(reader.folder, block.file.path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, block.file.content);
    } else if (block.notRun !== undefined) {
      if (block.notRun.length < 10) throw new Error(`${block.where}: say why it is not run`);
      notRun.push({ where: block.where, reason: block.notRun });
    } else {
      await followBlock(block, reader, shell);
      ran += block.commands.length;
    }
  }
  const reasons = notRun.map(({ where, reason }) => `\n  ${where} not run: ${reason}`).join('');
  process.stdout.write(`${path}: ${ran} commands run, ${notRun.length} blocks not run${reasons}\n`);
  return { ran, notRun };
}

async function followBlock(
  { commands, until, output }: DocBlock,
  { instead = [], meanwhile }: Reader,
  shell: ShellSession,
): Promise<void> {
  let last: ShellResult = { status: 0, output: '' };
  for (const { where, text, status } of commands) {
    const command = instead.reduce((all, [shown, here]) => all.replaceAll(shown, here), text);
    last = until === undefined ? await shell.run(command) : await shell.runUntil(command, until, meanwhile);
    if (last.status !== status) {
      throw new Error(
        `${where}: ${text}\nended with ${last.status}, the page says ${status}; it printed:\n${last.output}`,
      );
    }
  }
  if (output === undefined) return;
  const printed = instead.reduce((all, [shown, here]) => all.replaceAll(here, shown), last.output);
  const wrong = compareShown(output.text, printed);
  if (wrong !== undefined) throw new Error(`${output.where}: the page shows what was not printed: ${wrong}`);
}

/** A reader's, without what other tests or tools set. */
function environment(programs: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NX_|PRIMATRIX_|NATS_|VITEST|NODE_ENV$|NODE_OPTIONS$|CI$|TEST$)/.test(name),
  );
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PATH: `${programs}:${join(workspaceRoot(), 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    // Weights that somebody imported would change results.
    PRIMATRIX_WEIGHTS: '/nonexistent/weights',
    NO_COLOR: '1',
    ...extra,
  };
}
