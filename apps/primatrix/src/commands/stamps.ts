import { existsSync } from 'node:fs';
import { UsageError } from '@primatrix/contracts';
import { csvLine, writeTextAtomic } from '@primatrix/files';
import { listInputs, type InputFile } from '@primatrix/prediction';
import { dateOrders, settleTimes, StampReader, type DateOrder, type Stamp } from '@primatrix/stamps';
import { ClipError } from '@primatrix/video';
import { Command, Option } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import { count, formatTable, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import type { Session } from '../terminal/session.ts';
import { tellUnlisted } from '../terminal/tell-unlisted.ts';

interface StampsOptions {
  readonly dateOrder?: DateOrder;
  readonly out?: string;
  readonly json?: true;
}

/** What a clip's stamp says; null where it has none, or it cannot be told. */
interface StampRow {
  readonly filename: string;
  /** By the camera's clock. */
  readonly capturedAt: string | null;
  readonly camera: string | null;
  readonly temperature: string | null;
  readonly text: string;
}

/** `primatrix stamps`: what cameras burned into pictures. */
export function stampsCommand(session: Session): Command {
  return new Command('stamps')
    .description(
      'Reads what a camera trap has written across the top or bottom of a photograph, or of the first picture of a ' +
        'clip. It proposes: no file is changed. The table of --out can be given to predict as --sites, once somebody ' +
        'has looked at it. Times are by the clock of the camera. A time that would be a guess is left out.',
    )
    .argument('<clip...>', 'video files, pictures, or folders of them')
    .addOption(
      new Option(
        '--date-order <order>',
        'of dates such as 05-06-2015 (default: as in those stamps of the run that allow one order only)',
      ).choices([...dateOrders]),
    )
    .option('--out <file>', 'also write a table: filename, captured_at, camera, temperature, text')
    .option('--json', 'print one JSON array, one object a clip')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix stamps clips/\n' +
        '  $ primatrix stamps clips/ --date-order day-first --out stamps.csv',
    )
    .action(async (paths: string[], options: StampsOptions) => {
      const { out, dateOrder } = options;
      if (out !== undefined && existsSync(out)) {
        throw new UsageError('STAMPS_OUT', `stamps: ${out} is there already`, { hint: 'name another file' });
      }
      const listed = await listInputs(paths);
      tellUnlisted(listed, session);
      if (listed.files.length === 0) {
        throw new UsageError('STAMPS_NOTHING', `stamps: there are no clips in ${paths.join(', ')}`);
      }
      const read = await readAll(listed.files, session);
      const times = settleTimes(
        read.map(({ stamp }) => stamp),
        dateOrder,
      );
      const rows = read.map(({ file, stamp: { camera, temperature, text } }, i): StampRow => {
        return { filename: file.filename, capturedAt: times[i] ?? null, camera, temperature, text };
      });
      if (out !== undefined) await writeTextAtomic(out, tableOf(rows));
      if (options.json) console.log(JSON.stringify(rows, null, 2));
      else printTable(rows);
    });
}

async function readAll(
  files: readonly InputFile[],
  session: Session,
): Promise<{ readonly file: InputFile; readonly stamp: Stamp }[]> {
  const progress = new Progress('stamps');
  const reader = await StampReader.open();
  const read: { file: InputFile; stamp: Stamp }[] = [];
  for (const [i, file] of files.entries()) {
    session.signal.throwIfAborted();
    progress.update(i / files.length, file.filename);
    try {
      read.push({ file, stamp: await reader.readFile(file.path, session.signal) });
    } catch (error) {
      if (!(error instanceof ClipError)) throw error;
      session.status = exitStatus.failed;
      progress.log(onOneLine(`failed  ${file.filename}: ${error.reason} [${error.fault}]`));
    }
  }
  const timed = read.filter(({ stamp }) => Object.keys(stamp.times).length > 0).length;
  progress.finish(`read ${count(read.length, 'picture')}; ${timed} of them show a time`);
  return read;
}

function tableOf(rows: readonly StampRow[]): string[] {
  const cells = rows.map(({ filename, capturedAt, camera, temperature, text }) =>
    csvLine([filename, capturedAt ?? '', camera ?? '', temperature ?? '', shown(text)]),
  );
  return [csvLine(['filename', 'captured_at', 'camera', 'temperature', 'text']), ...cells];
}

function printTable(rows: readonly StampRow[]): void {
  if (rows.length === 0) return;
  console.log(
    formatTable(
      ['file', 'captured', 'camera', 'temperature', 'text'],
      rows.map(({ filename, capturedAt, camera, temperature, text }) => [
        filename,
        capturedAt ?? '-',
        camera ?? '-',
        temperature ?? '-',
        shown(text),
      ]),
    ),
  );
}

function shown(text: string): string {
  return onOneLine(text.replaceAll('\n', ' | '));
}
