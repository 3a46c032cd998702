import { join } from 'node:path';
import type { StackFamily, StackModel } from '@primatrix/families';
import { writeNetPredictions } from '@primatrix/feature-table';
import { canonicalJson, csvQuoted, writeFileAtomic } from '@primatrix/files';
import { accuracy, logLoss } from '@primatrix/metrics';
import { addShare } from '@primatrix/prediction';
import { needsOf } from '../plan/stage-needs.ts';
import type { KeyedRun, Stage } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import { putRows } from './fit-folds.ts';
import { secondLevelClips } from './second-level-clips.ts';
import { stackMemory } from './second-level-memory.ts';
import { secondLevelMatrix } from './second-level-table.ts';
import { makeStackPart, StackFolds, stackParts, type StackFold } from './stack-fold.ts';

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
  const of = { family, variant, member };
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
    parts: async () => stackParts(training, of),
    runPart: (part, run) => makeStackPart(training, of, part, run),
    async run(run) {
      const folds = new StackFolds(training, of, run);
      const { fitted, models } = await fitVariant(training, family, folds, run);
      try {
        const { test, other } = await predictUnlabelled(training, { models, columns: fitted.columns });
        const outputs: string[] = [];
        const write = async (name: string, text: string) => {
          outputs.push(`${folder}/${name}`);
          await writeFileAtomic(join(artifacts, folder, name), text);
        };
        for (const [i, { text }] of fitted.folds.entries()) await write(`fold-${i + 1}.txt`, text);
        await write('importance.csv', importanceTable(fitted.folds, fitted.columns));
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
        await folds.remove();
        return { outputs, summary: scores };
      } finally {
        for (const model of models) model.dispose();
      }
    },
  };
}

/** All folds, made here or elsewhere, and their models. */
async function fitVariant(training: Training, family: StackFamily, made: StackFolds, run: KeyedRun) {
  const { labelled } = await secondLevelClips(training);
  const foldOf = Int32Array.from(labelled, (clip) => clip.fold);
  const classes = training.dataset.classes.length;
  const outOfFold = new Float64Array(labelled.length * classes);
  const folds: StackFold[] = [];
  for (let fold = 1; fold <= training.folds; fold++) {
    run.signal.throwIfAborted();
    const one = (await made.read(fold)) ?? (await made.make(fold));
    folds.push(one);
    putRows(outOfFold, one.predicted, foldOf, fold, classes);
  }
  return {
    models: await loadModels(family, folds),
    fitted: {
      folds,
      outOfFold,
      columns: folds[0]?.columns ?? [],
      filenames: labelled.map((clip) => clip.filename),
      foldOf,
      labels: Uint8Array.from(labelled.flatMap((clip) => [...clip.labels])),
    },
  };
}

async function loadModels(family: StackFamily, folds: readonly StackFold[]): Promise<StackModel[]> {
  const models: StackModel[] = [];
  try {
    for (const { text } of folds) models.push(await family.load(text));
    return models;
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
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

function importanceTable(folds: readonly StackFold[], columns: readonly string[]): string {
  const rows = columns.map((name, i) => ({
    name,
    gain: folds.reduce((sum, { importance }) => sum + (importance[i] ?? 0), 0) / folds.length,
  }));
  rows.sort((a, b) => b.gain - a.gain || (a.name < b.name ? -1 : 1));
  return `column,gain\n${rows.map(({ name, gain }) => `${csvQuoted(name)},${gain}`).join('\n')}\n`;
}
