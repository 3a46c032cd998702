import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipOutcome } from '@primatrix/contracts';
import { readFeatureIndex } from './feature-index.ts';
import { ensembleWeightsFile, submissionFile } from './stages/ensemble.ts';
import { readIngested } from './stages/ingest.ts';
import { familySet, type Training } from './training.ts';

/** Scores on out-of-fold predictions. */
interface Scores {
  readonly logLoss: number;
  readonly accuracy: number;
}

/** What a training came to: what people are told at its end. JSON. */
export interface TrainingSummary {
  readonly clips: { readonly total: number; readonly ok: number; readonly degraded: number; readonly failed: number };
  /** Clips that could not be read wholly, each with its reason. */
  readonly faults: readonly ({ readonly filename: string } & ClipOutcome)[];
  /** Where results rest on untrained weights. */
  readonly warnings: readonly string[];
  /** Out-of-fold scores of nets and stackers by name. */
  readonly members: Readonly<Record<string, Scores>>;
  readonly ensemble: Scores & { readonly weights: Readonly<Record<string, number>> };
  readonly places: { readonly submission: string; readonly report: string; readonly bundle: string };
}

/** Reads the summary of a finished training from its artifacts. */
export async function trainingSummary(training: Training): Promise<TrainingSummary> {
  const { artifacts } = training;
  const { features, nets } = familySet(training.families, training.profile);
  const indexes = await Promise.all(features.map(({ feature }) => readFeatureIndex(artifacts, feature)));
  const outcomes = new Map<string, ClipOutcome>();
  for (const clip of await readIngested(artifacts)) {
    if (clip.metadata === null) outcomes.set(clip.filename, { status: 'failed', fault: clip.fault, reason: clip.reason, framesDecoded: 0, framesExpected: null });
  }
  for (const entry of indexes[0]?.clips ?? []) if (!outcomes.has(entry.filename)) outcomes.set(entry.filename, entry.outcome);
  const count = (status: ClipOutcome['status']) => [...outcomes.values()].filter((outcome) => outcome.status === status).length;
  const ensemble = JSON.parse(await readFile(join(artifacts, ensembleWeightsFile), 'utf8')) as {
    weights: Record<string, number>;
    outOfFold: Scores;
    members: Record<string, Scores>;
  };
  const netScores = await Promise.all(
    nets.map(async ({ name }) => [name, (JSON.parse(await readFile(join(artifacts, `nets/${name}/card.json`), 'utf8')) as { outOfFold: Scores }).outOfFold] as const),
  );
  return {
    clips: { total: outcomes.size, ok: count('ok'), degraded: count('degraded'), failed: count('failed') },
    faults: [...outcomes].flatMap(([filename, outcome]) => (outcome.status === 'ok' ? [] : [{ filename, ...outcome }])),
    warnings: indexes.filter((index) => index.weights.source === 'random').map((index) => `${index.feature}: ${index.weights.note}`),
    members: { ...Object.fromEntries(netScores.map(([name, { logLoss, accuracy }]) => [name, { logLoss, accuracy }])), ...ensemble.members },
    ensemble: { ...ensemble.outOfFold, weights: ensemble.weights },
    places: { submission: join(artifacts, submissionFile), report: join(artifacts, 'report/index.html'), bundle: join(artifacts, 'bundle') },
  };
}
