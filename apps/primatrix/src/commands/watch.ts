import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { projectFolder, rememberedSource, type SourceChoice } from '@primatrix/gateway';
import { devices, type Device } from '@primatrix/onnx';
import { Command } from 'commander';
import { modelsOption } from '../options/models-option.ts';
import { choice, several, wholeNumber } from '../options/parse-option.ts';
import { portOfFolder } from '../serve/port-of-folder.ts';
import { openServiceLog } from '../serve/serve-families.ts';
import type { Session } from '../terminal/session.ts';
import { runWatch } from '../watch/run-watch.ts';

interface WatchCommandOptions {
  readonly bundle?: string;
  readonly model?: readonly string[];
  readonly models: string;
  readonly project?: string;
  readonly out?: string;
  readonly device: Device;
  readonly every: number;
  readonly settle: number;
  readonly giveUp: number;
  readonly once?: true;
  readonly blanksAfter?: number;
  readonly binBlanks?: true;
  readonly ui?: true;
  readonly host: string;
  /** Absent: the project's own. */
  readonly port?: number;
}

/** `primatrix watch`: folders to which clips come. */
export function watchCommand(session: Session): Command {
  const seconds = wholeNumber({ min: 1, max: 86_400 });
  return new Command('watch')
    .description(
      'Looks through folders again and again, on disks, cards and network drives alike. A clip is predicted once it is ' +
        'whole: nobody has written to it for some seconds, and its container ends. Results and exports are written ' +
        'whenever something has changed. It goes on where it was stopped, also by a power cut. What it predicts is a ' +
        'project of the pages: `primatrix ui` opens it, or --ui here.',
    )
    .argument('<folder...>', 'folders of clips')
    .option('--project <dir>', 'folder of the project (default: the first folder)')
    .option('--out <dir>', 'folder of results (default: primatrix-review/exports in the project)')
    .option('--bundle <dir>', 'bundle folder that train made (default: what predicted in this project before)')
    .option('--model <name>', 'instead of a bundle: a model that `models list` names; can be given again', several)
    .addOption(modelsOption())
    .option('--every <seconds>', 'time between looks', seconds, 30)
    .option('--settle <seconds>', 'how long nobody may have written to a clip', seconds, 10)
    .option('--give-up <seconds>', 'when a clip whose container never ends is taken as damaged', seconds, 600)
    .option('--once', 'end once all that is whole is predicted and written, for cron')
    .option(
      '--blanks-after <days>',
      'list blank clips that are older in blanks.csv, beside the results',
      wholeNumber({ min: 0, max: 36_500 }),
    )
    .option(
      '--bin-blanks',
      'move the clips that blanks.csv lists to primatrix-bin/ in their watched folder, and end; needs --blanks-after',
    )
    .option('--ui', 'serve the pages of the project, too')
    .option('--host <address>', 'address of the pages', '127.0.0.1')
    .option(
      '--port <n>',
      'port of the pages, 0 for any free one (default: always the same one for a project)',
      wholeNumber({ min: 0, max: 65_535 }),
    )
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix watch /mnt/nas/cameras --project season --bundle artifacts/sample/bundle\n' +
        '  $ primatrix watch /mnt/nas/cameras --project season --once --blanks-after 90\n' +
        '  $ primatrix watch /mnt/nas/cameras --project season --blanks-after 90 --bin-blanks',
    )
    .action(async (folders: string[], options: WatchCommandOptions) => {
      for (const folder of folders) {
        if ((await stat(folder).catch(() => undefined))?.isDirectory() === true) continue;
        throw new UsageError('INPUT_MISSING', `watch: there is no folder ${folder}`, {
          hint: `seen from ${process.cwd()}: check the path, and whether the drive is mounted`,
          fields: { path: folder },
        });
      }
      if (options.binBlanks === true && options.blanksAfter === undefined) {
        throw new UsageError('WATCH_BLANKS', 'watch: --bin-blanks needs --blanks-after', {
          hint: 'look at the list of --blanks-after first; then give both',
        });
      }
      const project = options.project ?? (folders[0] as string);
      const { bundle, model, once = false, binBlanks = false, ui = false, out, blanksAfter, ...rest } = options;
      await runWatch(
        {
          ...rest,
          ...{ folders, project, once, binBlanks, ui },
          port: options.port ?? (ui ? await portOfFolder(project, options.host) : 0),
          ...(blanksAfter === undefined ? {} : { blanksAfter }),
          out: out ?? join(project, projectFolder, 'exports'),
          source: await sourceOf(project, bundle, model),
        },
        openServiceLog('text'),
        session,
      );
    });
}

/** @throws UsageError UI_SOURCE where it is not clear what is to predict */
async function sourceOf(
  project: string,
  bundle: string | undefined,
  models: readonly string[] | undefined,
): Promise<SourceChoice> {
  if (bundle !== undefined && models !== undefined) {
    throw new UsageError('UI_SOURCE', 'watch: --bundle and --model cannot be given together', {
      hint: 'leave out one of them',
    });
  }
  if (bundle !== undefined) return { bundle };
  if (models !== undefined) return { models: [...models] };
  const before = await rememberedSource(project);
  if (before !== undefined) return before;
  throw new UsageError('UI_SOURCE', 'watch: what predicts must be said: --bundle <dir> or --model <name>', {
    hint: '--bundle of a training of yours; without one, --model with a detector that `primatrix models list` names',
  });
}
