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
import { namePatternOption } from '../exchange/exchange-options.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import type { Session } from '../terminal/session.ts';
import { count, onOneLine } from '../terminal/format.ts';

/** `primatrix import`: labels of other tools become a dataset. */
export function importCommand(session: Session): Command {
  return new Command('import')
    .summary('make a dataset of the labels of another tool')
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
    .option('--json', 'print what was imported as one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix import labels.csv --clips my-clips --out data/mine\n' +
        '  $ primatrix import camtrap-package/ --clips camtrap-package --out data/mine\n' +
        '  $ primatrix import my-season --out data/next && primatrix train --dataset data/next',
    )
    .action(async (path: string, options: ImportOptions) => {
      const { out } = options;
      await using _lock = await lockOut('import', out);
      const there = ['train_labels.csv', 'clips.csv'].find((name) => existsSync(join(out, name)));
      if (there !== undefined) {
        throw new UsageError('IMPORT_OUT', `import: ${join(out, there)} is there already`, {
          hint: 'name another folder with --out',
        });
      }
      if (isReviewProject(path)) return importProject(path, options);
      const files = options.clips === undefined ? undefined : await listClipFiles(options.clips);
      const { clips, warnings } = await readLabelsOf(path, options, {
        pathOf: (filename) => files?.find(filename)?.path,
        signal: session.signal,
      });
      for (const warning of warnings) process.stderr.write(`${onOneLine(warning)}\n`);
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
  found: Pick<SettingSources, 'pathOf' | 'signal'>,
): Promise<ImportedLabels> {
  const sources = {
    ...found,
    origins: options.sites === undefined ? undefined : await readClipOrigins(options.sites),
    namePattern: options.namePattern === undefined ? undefined : parseNamePattern(options.namePattern),
  };
  const taxa = options.taxa === undefined ? undefined : await readTaxa(options.taxa);
  const isPackage =
    basename(path).endsWith('.json') || (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (isPackage) {
    const labels = labelsFromPackage(await readCamtrapPackage(path), taxa);
    return {
      ...labels,
      clips: labels.clips.map((clip) => ({ ...clip, ...stated(sources.origins?.get(clip.filename)) })),
    };
  }
  const labels = await readZambaLabels(path, options.clips === undefined ? undefined : resolve(options.clips));
  const settings = await findSettings([...labels.keys()], sources);
  const clips = [...labels].map(([filename, { classes, site }], i): LabelledClip => {
    const setting = settings[i] as (typeof settings)[number];
    return { filename, classes, ...setting, site: sources.origins?.get(filename)?.site ?? site ?? setting.site };
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
