import { join } from 'node:path';
import { sha256File } from '@primatrix/files';
import type { ReportData } from '@primatrix/report';
import type { FeatureSource } from '../features/feature-index.ts';
import { engineVersions } from '../plan/engine-versions.ts';
import { familySet, type Training } from '../plan/training.ts';

/** Versions of all that took part. */
export function reportVersions(training: Training): ReportData['versions'] {
  const { metadata, features, nets, neighbours, stacks, ensemble } = familySet(training.families, training.profile);
  return [
    ...[metadata, ...features, ...nets, neighbours, ...stacks, ensemble].map(({ name, version, summary }) => ({
      name,
      version,
      note: summary,
    })),
    { name: 'training', version: engineVersions.training, note: 'the stages' },
    { name: 'prediction', version: engineVersions.prediction, note: 'what makes features of clips' },
    {
      name: 'nets',
      version: engineVersions.nets,
      note: `compiler and trainer of nets, engine ${training.engine ?? 'onnx'}`,
    },
    { name: 'onnxruntime', version: engineVersions.onnxRuntime, note: 'runs nets and backbones' },
  ];
}

/** Digests of what went in, the weights, and what came out. */
export async function reportDigests(
  { artifacts, dataset }: Training,
  sources: readonly FeatureSource[],
): Promise<ReportData['digests']> {
  const file = async (name: string, path: string, note: string) => ({
    name,
    digest: await sha256File(join(artifacts, path)),
    note,
  });
  return [
    { name: 'dataset', digest: dataset.digest, note: 'classes, splits, labels, sites, times, file names and sizes' },
    ...sources.flatMap(({ feature, weights }) =>
      weights.source === 'none'
        ? []
        : [{ name: `weights of ${feature}`, digest: weights.digest ?? 'none', note: weights.note }],
    ),
    await file('folds', 'ingest/folds.json', 'ingest/folds.json'),
    await file(
      'data dictionary',
      'second-level/dictionary.csv',
      'second-level/dictionary.csv: every column that the stackers see',
    ),
    await file('bundle', 'bundle/bundle.json', 'bundle/bundle.json, which holds the digest of each of its files'),
    await file('submission', 'ensemble/submission.csv', 'ensemble/submission.csv'),
  ];
}
