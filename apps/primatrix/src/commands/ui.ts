import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { addFolder, openSource, rememberedSource, type SourceChoice } from '@primatrix/gateway';
import { devices, type Device } from '@primatrix/onnx';
import { listInputs } from '@primatrix/prediction';
import { Command } from 'commander';
import { modelsOption } from '../options/models-option.ts';
import { choice, several, wholeNumber } from '../options/parse-option.ts';
import { portOfFolder } from '../serve/port-of-folder.ts';
import { openServiceLog } from '../serve/serve-families.ts';
import { serveUi } from '../serve/serve-ui.ts';
import { openBrowser } from '../terminal/open-browser.ts';
import { count, onOneLine } from '../terminal/format.ts';
import type { Session } from '../terminal/session.ts';

interface UiOptions {
  readonly bundle?: string;
  readonly model?: readonly string[];
  readonly models: string;
  readonly host: string;
  /** Absent: the folder's own. */
  readonly port?: number;
  readonly maxUpload: number;
  readonly device: Device;
  /** False with `--no-open`. */
  readonly open: boolean;
}

/** `primatrix ui`: the pages, opened in the browser. */
export function uiCommand(session: Session): Command {
  return new Command('ui')
    .description(
      'Opens the pages of a folder in the browser, on this machine alone, until it is stopped (Ctrl-C). What was ' +
        'predicted and reviewed is kept in primatrix-review/ in that folder. The first time, the clips in it are ' +
        'added. Where nothing is said of what predicts, the pages ask: a bundle, or models that are files.',
    )
    .argument('[folder]', 'folder of clips, or of an earlier review', '.')
    .option(
      '--bundle <dir>',
      'bundle folder that train made (default: what predicted here before, else the only one in artifacts/ or ' +
        'primatrix-demo/)',
    )
    .option(
      '--model <name>',
      'instead of a bundle: a detector or a classifier that `models list` names; can be given again, for one of each',
      several,
    )
    .addOption(modelsOption())
    .option('--no-open', 'only print the address')
    .option(
      '--port <n>',
      'port to listen on, 0 for any free one (default: always the same one for a folder)',
      wholeNumber({ min: 0, max: 65_535 }),
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--max-upload <MiB>', 'largest upload', wholeNumber({ min: 1 }), 2048)
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix ui my-clips\n' +
        '  $ primatrix ui my-clips --bundle artifacts/sample/bundle --no-open\n' +
        '  $ primatrix ui my-clips --model yolox-nano\n\n' +
        'serve --ui does the same with a fixed port, logs and services.',
    )
    .action(async (folder: string, { bundle, model, open, ...options }: UiOptions) => {
      if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true) {
        throw new UsageError('INPUT_MISSING', `ui: there is no folder ${folder}`, {
          hint: `seen from ${process.cwd()}: check the path, or make the folder first`,
          fields: { path: folder },
        });
      }
      const bundles = await bundlesHere();
      const source = await sourceOf(
        folder,
        {
          ...(bundle === undefined ? {} : { bundle }),
          ...(model === undefined ? {} : { model }),
          models: options.models,
        },
        bundles,
      );
      await serveUi(
        {
          ...options,
          port: options.port ?? (await portOfFolder(folder, options.host)),
          ...(source === undefined ? {} : { source }),
          bundles,
          project: folder,
          log: 'text',
          folders: true,
        },
        openServiceLog('text'),
        session,
        async (address, project) => {
          if (project?.progress().total === 0 && (await listInputs([folder])).files.length > 0) {
            const { added } = await addFolder(project, resolve(folder));
            process.stderr.write(`added    ${count(added, 'clip')} of ${folder}\n`);
          }
          if (open) await openBrowser(address);
        },
      );
    });
}

/** Bundles that were trained here. */
async function bundlesHere(): Promise<string[]> {
  const found: string[] = [];
  for (const place of ['artifacts', join('primatrix-demo', 'artifacts')]) {
    for (const name of (await readdir(place).catch(() => [])).sort()) {
      const bundle = join(place, name, 'bundle');
      if (existsSync(join(bundle, 'bundle.json'))) found.push(bundle);
    }
  }
  return found;
}

/**
 * What predicts: what is named, what predicted here before, else the only bundle there is; undefined where the pages are to ask.
 * @throws UsageError UI_SOURCE where bundle and models are named
 */
async function sourceOf(
  folder: string,
  { bundle, model, models }: Partial<Pick<UiOptions, 'bundle' | 'model' | 'models'>>,
  bundles: readonly string[],
): Promise<SourceChoice | undefined> {
  if (bundle !== undefined && model !== undefined) {
    throw new UsageError('UI_SOURCE', 'ui: --bundle and --model cannot be given together', {
      hint: 'leave out one of them',
    });
  }
  if (bundle !== undefined) return { bundle };
  if (model !== undefined) return { models: [...model] };
  const before = await rememberedSource(folder);
  if (before !== undefined) {
    try {
      await openSource(before, models);
      return before;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(
        `warning: what predicted here before cannot be used any more: ${onOneLine(error.message)}\n`,
      );
    }
  }
  const [only, second] = bundles;
  return only !== undefined && second === undefined ? { bundle: only } : undefined;
}
