import { join } from 'node:path';
import type { ClipOutcome } from '@primatrix/contracts';
import type { Scores as EnsembleScores } from '@primatrix/prediction';
import { readEnsembleWeights, submissionFile } from '../ensemble/ensemble-files.ts';
import { featureSources, type FeatureSource } from '../features/feature-index.ts';
import { readIngested } from '../ingest/ingested-clips.ts';
import { readNetCard } from '../nets/trained-nets.ts';
import { familySet, type Training } from '../plan/training.ts';
import { readLeakage } from '../second-level/table.ts';

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
  /**
   * What of clips and `clips.csv` does not belong together, where results rest on untrained weights, licences, nets and stackers
   * that were left out, and columns that give labels away.
   */
  readonly warnings: readonly string[];
  /** Out-of-fold scores of nets and stackers by name. */
  readonly members: Readonly<Record<string, Scores>>;
  readonly ensemble: EnsembleScores & { readonly weights: Readonly<Record<string, number>> };
  readonly places: { readonly submission: string; readonly report: string; readonly bundle: string };
}

const severity = ({ status }: ClipOutcome) => ['ok', 'degraded', 'failed'].indexOf(status);

/** How all clips of a training came out, by filename, and what their features rest on. */
export interface TrainingOutcomes {
  readonly outcomes: ReadonlyMap<string, ClipOutcome>;
  readonly sources: readonly FeatureSource[];
}

/** Reads what ingest and the feature families say of the clips; the worst counts. */
export async function trainingOutcomes({ artifacts, families, profile }: Training): Promise<TrainingOutcomes> {
  const outcomes = new Map<string, ClipOutcome>();
  for (const { filename, metadata, fault, reason } of await readIngested(artifacts)) {
    outcomes.set(filename, {
      status: metadata === null ? 'failed' : 'ok',
      fault,
      reason,
      framesDecoded: 0,
      framesExpected: null,
    });
  }
  const features = familySet(families, profile).features.map(({ name }) => name);
  const sources = await featureSources(artifacts, features, ({ filename, outcome }) => {
    const known = outcomes.get(filename);
    if (known === undefined || severity(outcome) > severity(known)) outcomes.set(filename, outcome);
  });
  return { outcomes, sources };
}

/**
 * Reads the summary of a finished training from its artifacts.
 * @param read where the outcomes have been read already
 */
export async function trainingSummary(training: Training, read?: TrainingOutcomes): Promise<TrainingSummary> {
  const { artifacts } = training;
  const { nets } = familySet(training.families, training.profile);
  const { outcomes, sources } = read ?? (await trainingOutcomes(training));
  const count = (status: ClipOutcome['status']) =>
    [...outcomes.values()].filter((outcome) => outcome.status === status).length;
  const ensemble = await readEnsembleWeights(artifacts);
  const cards = await Promise.all(nets.map(async ({ name }) => ({ name, ...(await readNetCard(artifacts, name)) })));
  return {
    clips: { total: outcomes.size, ok: count('ok'), degraded: count('degraded'), failed: count('failed') },
    faults: [...outcomes].flatMap(([filename, outcome]) => (outcome.status === 'ok' ? [] : [{ filename, ...outcome }])),
    warnings: [
      ...training.dataset.unmatched,
      ...sources
        .filter(({ weights, made }) => weights.source === 'random' && made)
        .map(({ feature, weights }) => `${feature}: ${weights.note}`),
      ...sources.flatMap(({ weights }) => weights.caution ?? []),
      ...(await readLeakage(artifacts)).suspicious.map(
        ({ column, class: name, auc }) =>
          `column ${column} alone tells '${name}' from the rest (AUC ${auc.toFixed(4)}): make sure that it does not give the label away`,
      ),
      ...[...(training.leftOut ?? [])].map(([name, reason]) => `${name} was left out: ${reason}`),
      ...cards.flatMap(({ name, leftOut }) => (leftOut === undefined ? [] : [`${name} was left out: ${leftOut}`])),
    ],
    members: {
      ...Object.fromEntries(
        cards.flatMap(({ name, outOfFold }) => (outOfFold === undefined ? [] : [[name, outOfFold]])),
      ),
      ...ensemble.members,
    },
    ensemble: { ...ensemble.outOfFold, weights: ensemble.weights },
    places: {
      submission: join(artifacts, submissionFile),
      report: join(artifacts, 'report/index.html'),
      bundle: join(artifacts, 'bundle'),
    },
  };
}
