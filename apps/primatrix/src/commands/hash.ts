import { hashClip, summariseHashes } from '@primatrix/perceptual-hash';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import type { Session } from '../terminal/session.ts';
import { count, formatTable, onOneLine } from '../terminal/format.ts';

/** `primatrix hash`: pHash and dHash of every frame. */
export function hashCommand(session: Session): Command {
  return new Command('hash')
    .description(
      "Prints 64-bit pHash and dHash of every frame, as Python's imagehash prints them, and the clip's 8 summary " +
        'numbers.',
    )
    .argument('<clip>', 'video file or picture')
    .option('--json', 'print {clip, frames, hashes, row}')
    .addHelpText('after', '\nExample:\n  $ primatrix hash clip.mp4 --json')
    .action(async (clip: string, options: { json?: true }) => {
      const { hashes, outcome } = await hashClip(clip, { signal: session.signal });
      if (outcome.status !== 'ok') {
        process.stderr.write(`${onOneLine(`${outcome.status}  ${clip}: ${outcome.reason} [${outcome.fault}]`)}\n`);
      }
      if (outcome.status === 'failed') {
        session.status = exitStatus.failed;
        return;
      }
      const row = summariseHashes(hashes);
      if (options.json) {
        // Hashes of some frames must not pass for those of the whole clip.
        const lacking =
          outcome.status === 'ok' ? {} : { status: outcome.status, fault: outcome.fault, reason: outcome.reason };
        console.log(JSON.stringify({ clip, frames: hashes.frames, hashes: hashes.toHex(), row, ...lacking }));
        return;
      }
      console.log(
        formatTable(
          ['frame', 'phash', 'dhash'],
          hashes.toHex().map(({ phash, dhash }, frame) => [frame, phash, dhash]),
        ),
      );
      console.log(
        `\n${count(hashes.frames, 'frame')}\n${Object.entries(row)
          .map(([name, value]) => `${name}  ${Number(value.toFixed(4))}`)
          .join('\n')}`,
      );
    });
}
