import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { addFolder } from '@primatrix/gateway';
import { devices, type Device } from '@primatrix/onnx';
import { listInputs } from '@primatrix/prediction';
import { Command } from 'commander';
import { choice, wholeNumber } from '../options/parse-option.ts';
import { openServiceLog } from '../serve/serve-families.ts';
import { serveUi } from '../serve/serve-ui.ts';
import { openBrowser } from '../terminal/open-browser.ts';
import { count } from '../terminal/format.ts';
import type { Session } from '../terminal/session.ts';

interface UiOptions {
  readonly bundle?: string;
  readonly host: string;
  readonly port: number;
  readonly maxUpload: number;
  readonly device: Device;
  /** False with `--no-open`. */
  readonly open: boolean;
}

/** `primatrix ui`: the pages, opened in the browser. */
export function uiCommand(session: Session): Command {
  return new Command('ui')
    .summary('open the pages in the browser: add, watch, review and export clips')
    .description(
      'Opens the pages of a folder in the browser, on this machine alone, until it is stopped (Ctrl-C). What was ' +
        'predicted and reviewed is kept in primatrix-review/ in that folder. The first time, the clips that lie in it ' +
        'are added.',
    )
    .argument('[folder]', 'folder of clips, or of an earlier review', '.')
    .option('--bundle <dir>', 'bundle folder that train made (default: the only one in artifacts/ or primatrix-demo/)')
    .option('--no-open', 'only print the address')
    .option('--port <n>', 'port to listen on, 0 for any free one', wholeNumber({ min: 0, max: 65_535 }), 0)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--max-upload <MiB>', 'largest upload', wholeNumber({ min: 1 }), 2048)
    .addOption(choice('--device <name>', 'what computes', devices, 'cpu'))
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix ui my-clips\n' +
        '  $ primatrix ui my-clips --bundle artifacts/sample/bundle --no-open\n\n' +
        'serve --ui does the same with a fixed port, logs and services.',
    )
    .action(async (folder: string, { bundle: named, open, ...options }: UiOptions) => {
      if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true) {
        throw new UsageError('INPUT_MISSING', `ui: there is no folder ${folder}`, {
          hint: `seen from ${process.cwd()}: check the path, or make the folder first`,
          fields: { path: folder },
        });
      }
      const bundle = named ?? (await onlyBundle());
      await serveUi(
        { ...options, bundle, project: folder, log: 'text', folders: true },
        openServiceLog('text'),
        session,
        async (address, project) => {
          if (project.progress().total === 0 && (await listInputs([folder])).files.length > 0) {
            const { added } = await addFolder(project, resolve(folder));
            process.stderr.write(`added    ${count(added, 'clip')} of ${folder}\n`);
          }
          if (open) await openBrowser(address);
        },
      );
    });
}

/**
 * The bundle that can only be meant: of what was trained here.
 * @throws UsageError UI_BUNDLE where there is none, or several
 */
async function onlyBundle(): Promise<string> {
  const found: string[] = [];
  for (const place of ['artifacts', join('primatrix-demo', 'artifacts')]) {
    for (const name of (await readdir(place).catch(() => [])).sort()) {
      const bundle = join(place, name, 'bundle');
      if (existsSync(join(bundle, 'bundle.json'))) found.push(bundle);
    }
  }
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  throw new UsageError(
    'UI_BUNDLE',
    only === undefined
      ? 'ui: the pages need a bundle that predicts, and there is none in artifacts/ or primatrix-demo/'
      : `ui: which bundle is to predict? There are ${found.join(', ')}`,
    {
      hint:
        only === undefined
          ? 'name one with --bundle, or make one: primatrix demo, or primatrix train --dataset <dir>'
          : `name it: --bundle ${only}`,
    },
  );
}
