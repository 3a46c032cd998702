import type { ClipFault, ClipMetadata } from '@primatrix/contracts';
import { ClipError, probeClip } from '@primatrix/video';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import type { Session } from '../terminal/session.ts';
import { formatTable, onOneLine } from '../terminal/format.ts';

interface FailedProbe {
  readonly file: string;
  readonly error: { readonly fault: ClipFault; readonly reason: string };
}

/** `primatrix probe`: what clips are, without computing anything from their pictures. */
export function probeCommand(session: Session): Command {
  return new Command('probe')
    .description(
      'Prints metadata of each clip: size, digest, codecs, picture size, frames, length, capture time and sound.',
    )
    .argument('<clip...>', 'video files, pictures or sounds')
    .option('--json', 'print one JSON array, one object a clip')
    .addHelpText('after', '\nExamples:\n  $ primatrix probe clips/*.mp4\n  $ primatrix probe --json clip.avi')
    .action(async (clips: string[], options: { json?: true }) => {
      const rows: (ClipMetadata | FailedProbe)[] = [];
      for (const file of clips) rows.push(await probeOne(file, session));
      if (options.json) console.log(JSON.stringify(rows, null, 2));
      else printTable(rows.filter((row): row is ClipMetadata => !('error' in row)));
    });
}

async function probeOne(file: string, session: Session): Promise<ClipMetadata | FailedProbe> {
  try {
    return await probeClip(file, { signal: session.signal });
  } catch (error) {
    if (!(error instanceof ClipError)) throw error;
    session.status = exitStatus.failed;
    process.stderr.write(`${onOneLine(`failed  ${file}: ${error.reason} [${error.fault}]`)}\n`);
    return { file, error: { fault: error.fault, reason: error.reason } };
  }
}

function printTable(rows: readonly ClipMetadata[]): void {
  if (rows.length === 0) return;
  console.log(
    formatTable(
      ['file', 'container', 'codec', 'size', 'fps', 'frames', 'seconds', 'captured', 'sound'],
      rows.map((row) => [
        row.file,
        row.container,
        row.videoCodec ?? '-',
        row.videoCodec === null ? '-' : `${row.width}x${row.height}`,
        row.fps === null ? '-' : Number(row.fps.toFixed(2)),
        row.frames,
        Number(row.durationSeconds.toFixed(1)),
        row.capturedAt ?? '-',
        row.audio === null
          ? '-'
          : `${row.audio.codec} ${row.audio.sampleRate} Hz${row.audio.samples === 0 ? ', none of it decodes' : ''}`,
      ]),
    ),
  );
}
