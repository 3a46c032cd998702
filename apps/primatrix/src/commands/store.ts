import { Command, InvalidArgumentError } from 'commander';
import { openStore } from '../serve/open-broker.ts';
import type { Session } from '../terminal/session.ts';
import { count } from '../terminal/format.ts';

interface PruneOptions {
  readonly olderThan: number;
  readonly store?: string;
  readonly dryRun?: boolean;
  readonly json?: true;
}

/** `primatrix store`: the place where services keep tensors. */
export function storeCommand(session: Session): Command {
  return new Command('store')
    .addHelpText('after', '\nExample:\n  $ primatrix store prune --older-than 7d')
    .addCommand(pruneCommand(session).exitOverride());
}

function pruneCommand(session: Session): Command {
  return new Command('prune')
    .summary('remove old tensors')
    .description(
      'Removes tensors that services stored and that are older. They can go at any time: what a request still needs ' +
        'is made again. Files with names of their own stay.',
    )
    .requiredOption('--older-than <age>', 'for example 7d, 12h, 30m, 0s', age)
    .option(
      '--store <place>',
      'a folder, s3:<bucket>, nats-object:<bucket> (default: PRIMATRIX_STORE, else artifacts/store)',
    )
    .option('--dry-run', 'only say what would go')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix store prune --older-than 7d\n' +
        '  $ primatrix store prune --older-than 12h --store s3:tensors --dry-run',
    )
    .action(async ({ olderThan, store: place, dryRun = false, json }: PruneOptions) => {
      const before = new Date(Date.now() - olderThan);
      await using opened = await openStore(place, {
        command: 'store prune',
        waitSeconds: 0,
        say: session.say,
        signal: session.signal,
      });
      const removed: { file: string; bytes: number }[] = [];
      let files = 0;
      let bytes = 0;
      for await (const file of opened.store.prune({ before, dryRun })) {
        session.signal.throwIfAborted();
        files += 1;
        bytes += file.bytes;
        if (json) removed.push(file);
        else console.log(file.file);
      }
      if (json) console.log(JSON.stringify({ dryRun, files, bytes, removed }));
      process.stderr.write(
        `${dryRun ? 'would remove' : 'removed'} ${count(files, 'tensor')}, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`,
      );
    });
}

/** Milliseconds of `<number><s, m, h or d>`. */
function age(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * ({ s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? NaN);
  if (number === '' || Number.isNaN(ms)) {
    throw new InvalidArgumentError(
      `It must be a number of seconds, minutes, hours or days, as 7d, 12h, 30m or 0s, got '${text}'.`,
    );
  }
  return ms;
}
