import { join, resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import {
  matchPredictions,
  openDataset,
  readLabels,
  readPredictions,
  siteGroups,
  type ClipOrigin,
  type LabelTable,
  type PredictionTable,
} from '@primatrix/dataset';
import { skipThreshold, type SkipAnswer, type SkipThreshold } from '@primatrix/metrics';
import { labelsOfClips, readOutOfFold } from '@primatrix/training';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import { isFromConfig } from '../options/option-tree.ts';
import { share } from '../options/parse-option.ts';
import type { Session } from '../terminal/session.ts';
import { sitesOf } from './score.ts';
import { count, formatTable } from '../terminal/format.ts';

interface ThresholdOptions {
  readonly lose: number;
  readonly dataset?: string;
  readonly artifacts: string;
  readonly labels?: string;
  readonly predictions?: string;
  readonly sites?: string;
  readonly blank: string;
  readonly people?: readonly string[];
  readonly json?: true;
}

/** Labels and predictions of the same clips, and what is known of where they were taken. */
interface Tables {
  readonly labels: LabelTable;
  readonly predictions: PredictionTable;
  readonly sites: ReadonlyMap<string, ClipOrigin>;
}

/** `primatrix threshold`: from which probability of blank on clips can be skipped. */
export function thresholdCommand(session: Session): Command {
  return new Command('threshold')
    .description(
      'Finds the probability of blank from which on clips can be skipped so that at most a share of the clips with ' +
        'animals is lost, and how many clips that saves. Use predictions of clips that the models were not trained ' +
        'on: --dataset takes the out-of-fold ones of its training.',
    )
    .requiredOption('--lose <share>', 'most that may be lost of the clips with animals: 5% or 0.05', share)
    .option('--dataset <dir>', 'dataset that was trained on')
    .option('--artifacts <dir>', 'where its results are: <artifacts>/<name of the dataset>', 'artifacts')
    .option('--labels <csv>', 'instead of --dataset: filename and one 0/1 column a class')
    .option('--predictions <csv>', 'with --labels: filename and one probability column a class')
    .option('--sites <csv>', 'with --labels: filename and site')
    .option('--blank <class>', 'class of clips without anything', (text) => text.normalize('NFC'), 'blank')
    .option(
      '--people <classes>',
      'classes that are neither blank nor animals, or none (default: human, if there is such a class)',
      (text: string) => (text === 'none' ? [] : text.normalize('NFC').split(',')),
    )
    .option('--json', 'print the answer as one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix threshold --dataset data/sample --lose 5%\n' +
        '  $ primatrix threshold --labels labels.csv --predictions predictions.csv --sites clips.csv --lose 2% --json',
    )
    .action(async (given: ThresholdOptions, self: Command) => {
      // Tables that are named go before a dataset that the settings name.
      const options = given.labels !== undefined && isFromConfig(self, 'dataset') ? withoutDataset(given) : given;
      const { labels, predictions, sites } = await tablesOf(options);
      const { scored, filenames, unscored } = matchPredictions(labels, predictions);
      if (unscored.length > 0) {
        session.status = exitStatus.failed;
        process.stderr.write(
          `${count(unscored.length, 'labelled clip')} without prediction, in no figure: ${unscored.slice(0, 10).join(', ')}\n`,
        );
      }
      const { groupOf, groups, bySite } = siteGroups(filenames.map((name) => ({ site: sites.get(name)?.site })));
      const { lose, blank, people } = options;
      const answer = skipThreshold(scored, {
        lose,
        blank,
        groups: groupOf,
        ...(people === undefined ? {} : { people }),
      });
      if (bySite && groups < 20) {
        process.stderr.write(`only ${count(groups, 'site')}: other sites may differ more than is said here\n`);
      }
      console.log(
        options.json
          ? JSON.stringify({ ...answer, drawn: bySite ? 'site' : 'clip' }, null, 2)
          : describe(answer, bySite ? 'site' : 'clip'),
      );
    });
}

function withoutDataset(options: ThresholdOptions): ThresholdOptions {
  const rest: ThresholdOptions & { dataset?: string } = { ...options };
  delete rest.dataset;
  return rest;
}

async function tablesOf({ dataset, artifacts, labels, predictions, sites }: ThresholdOptions): Promise<Tables> {
  if ((dataset === undefined) === (labels === undefined) || (labels === undefined) !== (predictions === undefined)) {
    throw new UsageError('THRESHOLD_TABLES', 'threshold: give either --dataset, or --labels and --predictions');
  }
  if (labels !== undefined && predictions !== undefined) {
    const table = await readLabels(labels);
    return {
      labels: table,
      predictions: await readPredictions(predictions),
      sites: sites === undefined ? new Map<string, ClipOrigin>() : await sitesOf(table.filenames, sites),
    };
  }
  const opened = await openDataset(dataset as string);
  const folder = join(resolve(artifacts), opened.name);
  const outOfFold = await readOutOfFold(folder, opened.classes);
  return {
    labels: {
      classes: opened.classes,
      filenames: outOfFold.filenames,
      labels: labelsOfClips(opened, outOfFold.filenames),
    },
    predictions: outOfFold,
    sites: new Map(opened.clips.map((clip) => [clip.filename, clip])),
  };
}

/** The answer as people read it. */
function describe(answer: SkipAnswer, drawn: string): string {
  const { careful, plain, animals, clips, people, blank } = answer;
  const classes = Object.keys(plain.perClass);
  return [
    `Skip clips whose probability of ${blank} is at least ...`,
    '',
    formatTable(
      ['', 'threshold', 'clips skipped', 'animals lost', 'at most (95 %)'],
      [
        ['careful', ...cells(careful)],
        ['plain', ...cells(plain)],
      ],
    ),
    '',
    careful.threshold === null
      ? `careful  there is no threshold at which ${percent(answer.lose)} or less are surely lost: ${count(animals, 'clip')} with animals ${animals === 1 ? 'is' : 'are'} too few, or blank ones too like them`
      : `careful  ${percent(answer.lose)} or less of the animals are lost 19 times in 20, of other clips too, as far as these ${drawn}s stand for theirs`,
    `plain    ${percent(answer.lose)} or less are lost of these clips; of others it is more about half the time`,
    `±        one standard error, by bootstrap over ${count(answer.groups, drawn)}`,
    '',
    formatTable(
      ['class', 'clips', 'lost, careful', 'lost, plain'],
      classes.map((name) => [
        people.includes(name) ? `${name} (no animal)` : name,
        plain.perClass[name]?.clips ?? 0,
        careful.perClass[name]?.lost ?? 0,
        plain.perClass[name]?.lost ?? 0,
      ]),
    ),
    '',
    `${count(clips, 'clip')}, ${animals} with animals`,
  ].join('\n');
}

const percent = (value: number) => `${Number((100 * value).toFixed(1))} %`;

function cells({ threshold, skipped, animals }: SkipThreshold): string[] {
  const off = skipped.standardError === null ? '' : ` ± ${percent(skipped.standardError)}`;
  return [
    threshold === null ? 'none' : `${threshold}`,
    `${percent(skipped.share)}${off}`,
    `${animals.lost} of ${animals.clips} (${percent(animals.share)})`,
    percent(animals.upperBound),
  ];
}
