import { existsSync } from 'node:fs';
import { stat, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { makeFolder } from '@primatrix/files';
import { UsageError } from '@primatrix/contracts';
import { listClipFiles } from '@primatrix/dataset';
import {
  findSettings,
  labelsFromPackage,
  parseNamePattern,
  readCamtrapPackage,
  readClipOrigins,
  readTaxa,
  readZambaLabels,
  rowsOf,
  writeDatasetTables,
  type ImportedLabels,
  type LabelledClip,
  type SettingSources,
} from '@primatrix/exchange';
import { isReviewProject } from '@primatrix/gateway';
import { Command } from 'commander';
import { lockOut } from '../exchange/lock-out.ts';
import type { ImportOptions } from '../exchange/import-options.ts';
import { importProject } from '../exchange/import-project.ts';
import { localClockOption, namePatternOption } from '../exchange/exchange-options.ts';
import { isFromConfig } from '../options/option-tree.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import type { Session } from '../terminal/session.ts';
import { count, describeUnreadable, onOneLine } from '../terminal/format.ts';

/** `primatrix import`: labels of other tools become a dataset. */
export function importCommand(session: Session): Command {
  return new Command('import')
    .description(
      'Makes a dataset folder (train_labels.csv, clips.csv) of labels: a Camtrap DP 1.x data package with ' +
        "observations by people, or a table as zamba's (filepath,label or filepath,label,site). Or of a review " +
        'project of serve --ui: its clips are linked, and what people decided are the labels. Capture times come from ' +
        "--sites, the package, the clips' containers or their names; clips.csv says which.",
    )
    .argument(
      '<labels>',
      'CSV file; the folder, or datapackage.json, of a data package; or the folder of a review project',
    )
    .requiredOption('--out <dir>', 'dataset folder to make')
    .option('--clips <dir>', 'folder of the clips, which clips/ in the dataset will lead to')
    .option('--sites <csv>', 'filename with site, captured_at, latitude, longitude; goes before what the labels say')
    .option('--taxa <csv>', 'class and scientific_name: which class a scientific name becomes')
    .addOption(namePatternOption())
    .addOption(localClockOption())
    .option('--json', 'print what was imported as one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix import labels.csv --clips my-clips --out data/mine\n' +
        '  $ primatrix import camtrap-package/ --clips camtrap-package --out data/mine\n' +
        '  $ primatrix import my-season --out data/next && primatrix train --dataset data/next',
    )
    .action(async (path: string, options: ImportOptions, self: Command) => {
      const { out } = options;
      const say = (text: string) => void process.stderr.write(`${onOneLine(text)}\n`);
      await using _lock = await lockOut('import', out);
      const there = ['train_labels.csv', 'clips.csv'].find((name) => existsSync(join(out, name)));
      if (there !== undefined) {
        throw new UsageError('IMPORT_OUT', `import: ${join(out, there)} is there already`, {
          hint: 'name another folder with --out',
        });
      }
      if (isReviewProject(path)) {
        const given = Object.entries(options).filter(([name]) => name !== 'config' && !isFromConfig(self, name));
        return importProject(path, Object.fromEntries(given) as unknown as ImportOptions);
      }
      const files = options.clips === undefined ? undefined : await listClipFiles(options.clips);
      for (const line of describeUnreadable(files?.unreadable ?? [])) process.stderr.write(`${line}\n`);
      if ((files?.unreadable.length ?? 0) > 0) session.status = exitStatus.failed;
      const { clips, warnings } = await readLabelsOf(path, options, {
        pathOf: (filename) => files?.find(filename)?.path,
        signal: session.signal,
        say,
      });
      warnings.forEach(say);
      const classes = await writeDatasetTables(out, clips);
      if (options.clips !== undefined) await linkClips(options.clips, out);
      const missing =
        files === undefined
          ? []
          : clips.map(({ filename }) => filename).filter((filename) => files.find(filename) === undefined);
      if (missing.length > 0) {
        session.status = exitStatus.failed;
        process.stderr.write(
          `${onOneLine(`${count(missing.length, 'clip')} not in ${options.clips}: ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', ...' : ''}`)}\n`,
        );
      }
      if (classes.length < 2) say(`only one class, ${classes.join('')}: training needs a second, for example blank`);
      const labelled = clips.filter((clip) => clip.classes.length > 0).length;
      const timed = clips.filter(({ time }) => time !== null).length;
      if (options.json) {
        console.log(JSON.stringify({ out, clips: clips.length, labelled, timed, classes, missing, warnings }));
      } else {
        console.log(
          `${count(clips.length, 'clip')}: ${labelled} labelled, ${timed} with capture time; ${classes.length} classes (${classes.join(', ')})\ndataset  ${out}`,
        );
      }
    });
}

async function readLabelsOf(
  path: string,
  options: ImportOptions,
  found: Pick<SettingSources, 'pathOf' | 'signal' | 'say'>,
): Promise<ImportedLabels> {
  const sources = {
    ...found,
    origins: options.sites === undefined ? undefined : await readClipOrigins(options.sites),
    namePattern: options.namePattern === undefined ? undefined : parseNamePattern(options.namePattern),
    localClock: options.localClock ?? false,
  };
  const taxa = options.taxa === undefined ? undefined : await readTaxa(options.taxa);
  const isPackage =
    basename(path).endsWith('.json') || (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (isPackage) {
    const labels = labelsFromPackage(await readCamtrapPackage(path), taxa);
    const rows = rowsOf(
      labels.clips.map(({ filename }) => filename),
      sources.origins,
      { say: found.say },
    );
    return { ...labels, clips: labels.clips.map((clip, i) => ({ ...clip, ...stated(rows[i]) })) };
  }
  const labels = await readZambaLabels(path, options.clips === undefined ? undefined : resolve(options.clips));
  const names = [...labels.keys()];
  // Once more than findSettings does, in silence: a site of the table goes before that of the labels, and any other
  // after it.
  const rows = rowsOf(names, sources.origins);
  const settings = await findSettings(names, sources);
  const clips = [...labels].map(([filename, { classes, site }], i): LabelledClip => {
    const setting = settings[i] as (typeof settings)[number];
    return { filename, classes, ...setting, site: rows[i]?.site ?? site ?? setting.site };
  });
  return { clips, warnings: [] };
}

/** What a table states, without what it leaves open. */
function stated(row: Partial<LabelledClip> | undefined): Partial<LabelledClip> {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, value]) => value !== null));
}

/** Clips are large and stay where they are. */
async function linkClips(clips: string, out: string): Promise<void> {
  const link = join(out, 'clips');
  if (existsSync(link)) return;
  await makeFolder(out);
  await symlink(resolve(clips), link, 'junction');
}
