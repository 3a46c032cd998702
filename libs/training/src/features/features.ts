import { join } from 'node:path';
import type { FeatureFamily } from '@primatrix/families';
import { writeTable, type FeatureTable } from '@primatrix/feature-table';
import { readIngested } from '../ingest/ingested-clips.ts';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import type { FeatureExtraction } from './feature-extraction.ts';
import { entryIsThere, FeatureIndexFile, featureIndexPath, mayPass, readFeatureIndex } from './feature-index.ts';
import { standInSizes } from './stand-ins.ts';

/** Where a family's columns for the second level lie, below the artifact folder. */
export function featureRowsPath(feature: string): string {
  return `features/${feature}/rows.parquet`;
}

/**
 * The features of one family for all clips: `features/<family>/<clip>.safetensors` and their index. Families
 * that share an extraction are made together, in the stage of the first of them, so a clip is decoded once.
 */
export function featuresStage(training: Training, family: FeatureFamily, extraction: FeatureExtraction): Stage {
  const { artifacts, profile, context } = training;
  return {
    project: family.name,
    task: 'features',
    needs: needsOf(training, family.name, 'features'),
    cost: 0.5 * training.dataset.clips.length,
    onDevice: context.device !== 'cpu',
    inputs: async () => ({
      version: family.version,
      settings: family.settings[profile],
      weights: await family.weightsDigest(context),
      standIns: await standInSizes(training, family.name),
    }),
    parts: (run) => extraction.lots(run),
    runPart: (part, run) => extraction.apart.make(part, run),
    close: () => extraction.apart[Symbol.asyncDispose](),
    async run(run) {
      const index = (await extraction.run(run)).get(family.name);
      if (index === undefined) throw new Error(`training: the extraction made no '${family.name}' features`);
      await writeTable(join(artifacts, featureRowsPath(family.name)), await rowsOf(artifacts, family.name));
      const failed = index.clips.filter((clip) => clip.outcome.status === 'failed').length;
      const degraded = index.clips.filter((clip) => clip.outcome.status === 'degraded').length;
      return {
        outputs: [featureIndexPath(family.name), featureRowsPath(family.name)],
        summary: { clips: index.clips.length, failed, degraded, weights: index.weights.note },
      };
    },
    async verify() {
      const index = await readFeatureIndex(artifacts, family.name);
      const unread = new Set(
        (await readIngested(artifacts)).flatMap(({ filename, metadata }) => (metadata === null ? [filename] : [])),
      );
      for (const entry of index.clips) {
        if (mayPass(entry.outcome) && !unread.has(entry.filename)) return `${entry.filename} is to be tried again`;
        if (!(await entryIsThere(artifacts, entry))) return `${entry.file ?? entry.filename} is gone or changed`;
      }
      return undefined;
    },
  };
}

/** The rows of the clips that have any, as columns. */
async function rowsOf(artifacts: string, feature: string): Promise<FeatureTable> {
  await using file = await FeatureIndexFile.open(artifacts, feature);
  const positions = [...file.index.clips.entries()].filter(([, clip]) => clip.file !== null);
  const columns = file.index.columns.map((name) => ({ name, values: new Float64Array(positions.length) }));
  for (const [row, [position]] of positions.entries()) {
    const numbers = await file.numbersAt(position);
    columns.forEach(({ values }, i) => (values[row] = numbers[i] ?? Number.NaN));
  }
  return { keys: positions.map(([, clip]) => clip.filename), columns };
}
