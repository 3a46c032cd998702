import { join } from 'node:path';
import type { StackFamily, StackModel } from '@primatrix/families';
import { writeNetPredictions } from '@primatrix/feature-table';
import { canonicalJson, csvQuoted, writeFileAtomic } from '@primatrix/files';
import { accuracy, logLoss } from '@primatrix/metrics';
import { addShare } from '@primatrix/prediction';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage, StageRun } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import { fitFolds } from './fit-folds.ts';
import { secondLevelClips } from './second-level-clips.ts';
import { stackMemory } from './second-level-memory.ts';
import { secondLevelMatrix } from './second-level-table.ts';

/** A variant's name in the ensemble, and its folder below `stack/`. */
export function memberName(family: StackFamily, variant: string): string {
  return `${family.name}-${variant}`;
}

/** Where a stacker's fold model lies, below the artifact folder. */
export function stackModelPath(member: string, fold: number): string {
  return `stack/${member}/fold-${fold}.txt`;
}

/**
 * Fits one variant of a stacker on the same folds as the nets: out-of-fold predictions of labelled clips,
 * fold means of the others, in `stack/<member>/`.
 */
export function stackStage(training: Training, family: StackFamily, variant: string): Stage {
  const { artifacts, dataset } = training;
  const member = memberName(family, variant);
  const folder = `stack/${member}`;
  return {
    project: family.name,
    task: `train-${variant}`,
    needs: needsOf(training, family.name, `train-${variant}`),
    cost: 0.05 * dataset.clips.length,
    memory: () => stackMemory(training, family),
    spreads: family.anyThreads === true,
    onDevice: family.usesDevice === true && training.context.device !== 'cpu',
    inputs: async () => ({
      version: family.version,
      settings: family.variants[training.profile][variant] ?? null,
      seed: training.seed,
      classes: dataset.classes,
      // One, or as many as give the same model as one.
      threads: 1,
    }),
    async run(run) {
      const fitted = await fitVariant(training, family, variant, run);
      try {
        const { test, other } = await predictUnlabelled(training, fitted);
        const outputs: string[] = [];
        const write = async (name: string, text: string) => {
          outputs.push(`${folder}/${name}`);
          await writeFileAtomic(join(artifacts, folder, name), text);
        };
        for (const [i, model] of fitted.models.entries()) await write(`fold-${i + 1}.txt`, await model.toText());
        await write('importance.csv', await importanceTable(fitted.models, fitted.columns));
        const scored = { classes: dataset.classes, predictions: fitted.outOfFold, labels: fitted.labels };
        const scores = { clips: fitted.filenames.length, logLoss: logLoss(scored), accuracy: accuracy(scored) };
        await write(
          'card.json',
          `${canonicalJson({ member, family: family.name, version: family.version, settings: family.variants[training.profile][variant] ?? null, columns: fitted.columns, outOfFold: scores })}\n`,
        );
        await writeNetPredictions(join(artifacts, folder, 'train.parquet'), {
          filenames: fitted.filenames,
          classes: dataset.classes,
          probabilities: fitted.outOfFold,
          folds: fitted.foldOf,
        });
        await writeNetPredictions(join(artifacts, folder, 'test.parquet'), { ...test, classes: dataset.classes });
        await writeNetPredictions(join(artifacts, folder, 'other.parquet'), { ...other, classes: dataset.classes });
        for (const split of ['train', 'test', 'other']) outputs.push(`${folder}/${split}.parquet`);
        return { outputs, summary: scores };
      } finally {
        for (const model of fitted.models) model.dispose();
      }
    },
  };
}

async function fitVariant(training: Training, family: StackFamily, variant: string, run: StageRun) {
  const { dataset, folds, seed } = training;
  const { labelled } = await secondLevelClips(training);
  const filenames = labelled.map((clip) => clip.filename);
  const foldOf = Int32Array.from(labelled, (clip) => clip.fold);
  const labels = Uint8Array.from(labelled.flatMap((clip) => [...clip.labels]));
  const matrix = await secondLevelMatrix(training, 'train', filenames);
  const settings = family.variants[training.profile][variant] ?? null;
  const fitted = await fitFolds({
    family,
    member: memberName(family, variant),
    settings,
    matrix,
    labels,
    foldOf,
    folds,
    seed,
    threads: run.threads,
    device: training.context.device,
    classes: dataset.classes.length,
    signal: run.signal,
    report: (fraction, note) => run.report(fraction, note),
  });
  return { ...fitted, columns: matrix.columns, filenames, foldOf, labels };
}

async function predictUnlabelled(
  training: Training,
  { models, columns }: { readonly models: readonly StackModel[]; readonly columns: readonly string[] },
): Promise<Record<'test' | 'other', { filenames: readonly string[]; probabilities: Float64Array }>> {
  const clips = await secondLevelClips(training);
  const predict = async (split: 'test' | 'other') => {
    const filenames = clips[split];
    const probabilities = new Float64Array(filenames.length * training.dataset.classes.length);
    if (filenames.length === 0) return { filenames, probabilities };
    const matrix = await secondLevelMatrix(training, split, filenames, columns);
    for (const model of models) {
      addShare(probabilities, await model.predict(matrix), models.length);
    }
    return { filenames, probabilities };
  };
  return { test: await predict('test'), other: await predict('other') };
}

async function importanceTable(models: readonly StackModel[], columns: readonly string[]): Promise<string> {
  const gains = await Promise.all(models.map((model) => model.importance()));
  const rows = columns.map((name, i) => ({
    name,
    gain: gains.reduce((sum, gain) => sum + (gain[i] ?? 0), 0) / models.length,
  }));
  rows.sort((a, b) => b.gain - a.gain || (a.name < b.name ? -1 : 1));
  return `column,gain\n${rows.map(({ name, gain }) => `${csvQuoted(name)},${gain}`).join('\n')}\n`;
}
