import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolds, type FoldClip } from '@primatrix/dataset';
import type { FeatureMatrix, StackFamily } from '@primatrix/families';
import { canonicalJson, writeFileAtomic } from '@primatrix/files';
import { Rng, seedFrom } from '@primatrix/rng';
import { z } from 'zod';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage, StageRun } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { secondLevelClips } from '../second-level/second-level-clips.ts';
import { matrixRows } from '../second-level/second-level-table.ts';
import { clipScores, estimate, siteNumbers, type ClipScores } from './clip-scores.ts';
import { frameStatistics } from './frame-statistics.ts';

const estimateSchema = z.object({ value: z.number(), error: z.number().nullable() });
const scoresSchema = z.object({ logLoss: estimateSchema, accuracy: estimateSchema });
const checkSchema = z.union([
  z.object({ impossible: z.string() }),
  z.object({
    grouped: scoresSchema,
    random: scoresSchema,
    difference: scoresSchema,
    clips: z.int(),
    sites: z.int(),
    columns: z.int(),
    folds: z.int(),
    model: z.string(),
    settings: z.string(),
  }),
]);

/** What a quick model scored on folds that keep sites together and on folds that do not, or why that cannot be told. */
export type SiteCheck = z.infer<typeof checkSchema>;

/** More would tell little more, and cost much: the check is to be a matter of minutes on any dataset. */
const mostClips = 2000;

/**
 * How much scores on random folds would promise too much: a quick model, trained once on folds by site and once on
 * random folds of the same clips. Nets are not trained again for that; what is measured is how far clips of one site
 * give each other away to a model that sees them, not the ensemble's own score on random folds.
 * @returns a stage for each stacker that has settings of a quick model, which writes `site-check/<stacker>.json`
 */
export function siteCheckStages(training: Training): Stage[] {
  const { artifacts, dataset, folds, seed } = training;
  return quickStackers(training).map((family) => ({
    project: family.name,
    task: 'site-check',
    needs: needsOf(training, family.name, 'site-check'),
    cost: 20,
    inputs: async () => ({
      schema: 1,
      version: family.version,
      settings: family.quick ?? null,
      mostClips,
      dataset: dataset.digest,
      folds,
      seed,
    }),
    async run(run) {
      const file = siteCheckFile(family);
      await writeFileAtomic(join(artifacts, file), `${canonicalJson(await checkSites(training, family, run))}\n`);
      return { outputs: [file], summary: null };
    },
  }));
}

/** Stackers that the check can be made with. */
function quickStackers(training: Training): StackFamily[] {
  return familySet(training.families, training.profile).stacks.filter(({ quick }) => quick !== undefined);
}

/** Reads what the first of the stages left. */
export async function readSiteCheck(training: Training): Promise<SiteCheck> {
  const [family] = quickStackers(training);
  if (family === undefined) {
    return { impossible: 'No installed stacker has settings of a quick model to compare folds with.' };
  }
  return checkSchema.parse(JSON.parse(await readFile(join(training.artifacts, siteCheckFile(family)), 'utf8')));
}

function siteCheckFile(family: StackFamily): string {
  return `site-check/${family.name}.json`;
}

async function checkSites(training: Training, family: StackFamily, run: StageRun): Promise<SiteCheck> {
  const { dataset, folds, seed } = training;
  const { classes } = dataset;
  const clips = await chosenClips(training);
  const sites = new Set(clips.map(({ site }) => site)).size;
  if (clips.length === 0) {
    return {
      impossible:
        'No labelled clip has a known site, so folds cannot be grouped by site, and nobody can tell how far clips ' +
        'of one site give each other away. Name sites in clips.csv.',
    };
  }
  if (sites < folds) return { impossible: `There are too few sites for ${folds} folds: ${sites}.` };
  if (sites === clips.length) return { impossible: 'Every site has one clip: random folds are folds by site.' };
  const filenames = clips.map(({ filename }) => filename);
  const matrix = await frameStatistics(training, filenames, run.signal);
  const labels = Uint8Array.from(clips.flatMap((clip) => [...clip.labels]));
  const scoresOn = async (groupBySite: boolean): Promise<ClipScores> => {
    const dealt = makeFolds(clips, { classes, folds, seed, groupBySite }).folds;
    const report = (done: number) => run.report((groupBySite ? 0 : 0.5) + done / 2);
    const predictions = await outOfFold(
      { training, family, matrix, labels, rows: dealt.map((names) => names.map((name) => filenames.indexOf(name))) },
      run.signal,
      report,
    );
    return clipScores({ classes, predictions, labels });
  };
  const [grouped, random] = [await scoresOn(true), await scoresOn(false)];
  const groups = siteNumbers(dataset, filenames);
  const scores = (of: (name: keyof ClipScores) => Float64Array) => ({
    logLoss: estimate(of('logLoss'), groups, seed),
    accuracy: estimate(of('accuracy'), groups, seed),
  });
  return {
    grouped: scores((name) => grouped[name]),
    random: scores((name) => random[name]),
    // Clip by clip, so that what makes a clip hard for both does not blur it.
    difference: scores((name) => random[name].map((value, i) => value - (grouped[name][i] ?? 0))),
    ...{
      clips: clips.length,
      sites,
      columns: matrix.columns.length,
      folds,
      model: `${family.name} ${family.version}`,
      settings: JSON.stringify(family.quick),
    },
  };
}

/** Labelled clips with a known site, sorted by name; of many, those of sites that are drawn, but not all from few sites. */
async function chosenClips(training: Training): Promise<(FoldClip & { readonly site: string })[]> {
  const siteOf = new Map(training.dataset.clips.map(({ filename, site }) => [filename, site]));
  const { labelled } = await secondLevelClips(training);
  const known = labelled.flatMap(({ filename, labels }) => {
    const site = siteOf.get(filename);
    return site === undefined ? [] : [{ filename, labels, site }];
  });
  if (known.length <= mostClips) return known.sort(byName);
  const order = new Rng(seedFrom(training.seed, 'site-check')).shuffle(
    [...new Set(known.map(({ site }) => site))].sort(),
  );
  const perSite = Math.ceil(mostClips / (4 * training.folds));
  const clipsOf = new Map(order.map((site) => [site, [] as typeof known]));
  for (const clip of known) clipsOf.get(clip.site)?.push(clip);
  return order
    .flatMap((site) => clipsOf.get(site)?.slice(0, perSite) ?? [])
    .slice(0, mostClips)
    .sort(byName);
}

function byName(a: FoldClip, b: FoldClip): number {
  return a.filename < b.filename ? -1 : 1;
}

interface CheckedModel {
  readonly training: Training;
  readonly family: StackFamily;
  readonly matrix: FeatureMatrix;
  readonly labels: Uint8Array;
  /** Validation rows of each fold. */
  readonly rows: readonly (readonly number[])[];
}

/** [rows, classes]. Rounds are fixed, not stopped where the validation clips would have it: neither kind of folds is flattered. */
async function outOfFold(
  { training, family, matrix, labels, rows }: CheckedModel,
  signal: AbortSignal,
  report: (done: number) => void,
): Promise<Float64Array> {
  const classes = training.dataset.classes.length;
  const predictions = new Float64Array(matrix.rows * classes);
  for (const [fold, valid] of rows.entries()) {
    signal.throwIfAborted();
    const seen = rows.flatMap((others, other) => (other === fold ? [] : others)).sort((a, b) => a - b);
    const train = matrixRows(matrix, seen);
    const trainLabels = Uint8Array.from(
      seen.flatMap((row) => [...labels.subarray(row * classes, (row + 1) * classes)]),
    );
    const model = await family.fit({
      ...{ train, labels: trainLabels, valid: train, validLabels: trainLabels },
      ...{
        classes,
        settings: family.quick ?? null,
        seed: seedFrom(training.seed, 'site-check', fold) & 0x7fffffff,
        threads: 1,
        signal,
      },
    });
    try {
      const predicted = await model.predict(matrixRows(matrix, valid));
      valid.forEach((row, i) => predictions.set(predicted.subarray(i * classes, (i + 1) * classes), row * classes));
    } finally {
      model.dispose();
    }
    report((fold + 1) / rows.length);
  }
  return predictions;
}
