import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNetPredictions } from '@primatrix/feature-table';
import { writeFileAtomic } from '@primatrix/files';
import { confusionMatrix } from '@primatrix/metrics';
import { renderReport, type LearningCurve, type ReportMember } from '@primatrix/report';
import type { Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../training.ts';
import { trainingSummary } from '../training-summary.ts';
import { memberName } from './stack.ts';
import { trainedNets } from './trained-nets.ts';

const reportFile = 'report/index.html';

/** The page that shows what a training came to: `report/index.html`. */
export function reportStage(training: Training): Stage {
  const { ensemble, features, metadata, nets } = familySet(training.families, training.profile);
  return {
    project: ensemble.name,
    task: 'report',
    needs: [`${ensemble.name}:fit`, `${metadata.name}:ingest`, ...features.map((family) => `${family.name}:features`), ...nets.map((net) => `${net.name}:validate`)],
    cost: 0.5,
    inputs: async () => ({ dataset: training.dataset.name, versions: versionsOf(training), profile: training.profile, folds: training.folds, seed: training.seed }),
    async run() {
      await writeFileAtomic(join(training.artifacts, reportFile), renderReport(await collect(training)));
      return { outputs: [reportFile], summary: null };
    },
  };
}

async function collect(training: Training): Promise<Parameters<typeof renderReport>[0]> {
  const { dataset, profile, folds, seed } = training;
  const { stacks } = familySet(training.families, profile);
  const nets = await trainedNets(training);
  const summary = await trainingSummary(training);
  const stackNames = stacks.flatMap((family) => Object.keys(family.variants[profile]).map((variant) => memberName(family, variant)));
  const members = Object.entries(summary.members).map(
    ([name, scores]): ReportMember => ({ name, ...scores, kind: stackNames.includes(name) ? 'stacker' : 'net', weight: summary.ensemble.weights[name] ?? null }),
  );
  members.sort((a, b) => a.logLoss - b.logLoss);
  const { logLoss, accuracy } = summary.ensemble;
  return {
    dataset: { name: dataset.name, digest: dataset.digest },
    profile,
    folds,
    seed,
    classes: dataset.classes,
    clips: {
      labelled: dataset.clips.filter((clip) => clip.split === 'train').length,
      test: dataset.clips.filter((clip) => clip.split === 'test').length,
      other: dataset.clips.filter((clip) => clip.split === 'other').length,
    },
    warnings: summary.warnings,
    members: [{ name: 'ensemble', kind: 'ensemble', logLoss, accuracy, weight: null }, ...members],
    confusion: await confusionOf(training, summary.ensemble.weights),
    curves: await Promise.all(nets.map((net) => learningCurveOf(training, net.name))),
    faults: summary.faults.map(({ filename, status, reason }) => ({ filename, status, reason })),
    versions: versionsOf(training),
  };
}

function versionsOf(training: Training): { name: string; version: string; note: string }[] {
  const { metadata, features, nets, stacks, ensemble } = familySet(training.families, training.profile);
  return [metadata, ...features, ...nets, ...stacks, ensemble].map(({ name, version, summary }) => ({ name, version, note: summary }));
}

async function confusionOf(training: Training, weights: Readonly<Record<string, number>>): Promise<number[][]> {
  const { dataset, artifacts } = training;
  const { ensemble } = familySet(training.families, training.profile);
  const names = Object.keys(weights);
  const tables = await Promise.all(names.map((name) => readNetPredictions(join(artifacts, `stack/${name}/train.parquet`), dataset.classes)));
  const labelOf = new Map(dataset.clips.map((clip) => [clip.filename, clip.labels]));
  const labels = Uint8Array.from((tables[0]?.filenames ?? []).flatMap((name) => [...(labelOf.get(name) ?? new Uint8Array(dataset.classes.length))]));
  const predictions = ensemble.combine(names.map((name, i) => ({ name, probabilities: Float64Array.from(tables[i]?.probabilities ?? []) })), weights);
  const { counts } = confusionMatrix({ classes: dataset.classes, predictions, labels });
  const width = dataset.classes.length;
  return Array.from({ length: width }, (_, row) => [...counts.subarray(row * width, (row + 1) * width)]);
}

async function learningCurveOf(training: Training, net: string): Promise<LearningCurve> {
  const lines = (await readFile(join(training.artifacts, `nets/${net}/history.csv`), 'utf8')).trimEnd().split('\n').slice(1);
  const rows = lines.map((line) => line.split(',').map(Number) as [fold: number, epoch: number, loss: number, validLoss: number]);
  const folds = [...new Set(rows.map(([fold]) => fold))];
  return {
    net,
    folds: folds.map((fold) => ({ fold, epochs: rows.filter((row) => row[0] === fold).map(([, epoch, loss, validLoss]) => ({ epoch, loss, validLoss })) })),
  };
}
