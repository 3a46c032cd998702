import { copyFile, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FamilyInFiles } from '@primatrix/families';
import { canonicalJson, makeFolder, replaceFolder, sha256File, temporaryName, writeFileAtomic } from '@primatrix/files';
import { bundledFiles, bundledModels, bundledWeights, bundleFile, type BundleManifest } from '@primatrix/prediction';
import { featureSources } from '../features/feature-index.ts';
import { bundledBackground, isForeground } from '../features/foreground.ts';
import { metadataReferenceFile } from '../ingest/ingest.ts';
import { netInput, netSamples } from '../nets/net-samples.ts';
import { foldModelPath } from '../nets/train-fold.ts';
import { trainedNets } from '../nets/trained-nets.ts';
import { needsOf } from '../plan/stage-needs.ts';
import { usualMemory, type Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { neighbourNets } from '../second-level/neighbours.ts';
import { memberName, stackModelPath } from '../second-level/stack.ts';
import { readEnsembleCalibration, readEnsembleThresholds, readEnsembleWeights } from './ensemble-files.ts';

/** Collects everything that prediction needs in `bundle/`. */
export function bundleStage(training: Training): Stage {
  const { artifacts } = training;
  const { ensemble, metadata } = familySet(training.families, training.profile);
  return {
    project: ensemble.name,
    task: 'bundle',
    needs: needsOf(training, ensemble.name, 'bundle'),
    cost: 1,
    // Indexes of features and samples of nets, one after the other and freed late; 1.5 GB was measured of 451,388 clips.
    memory: async () => usualMemory + 2500 * training.dataset.clips.length,
    inputs: async () => ({
      schema: 4,
      profile: training.profile,
      metadata: metadata.version,
      ensemble: ensemble.version,
      settings: metadata.settings?.[training.profile],
      times: training.timeOrder?.by,
    }),
    async run() {
      const manifest = await writeBundle(training, join(artifacts, 'bundle'));
      const files = bundledFiles(manifest).map((file) => file.path);
      return { outputs: [bundleFile, ...files].map((file) => `bundle/${file}`), summary: { files: files.length + 1 } };
    },
  };
}

const copyOf = (crops: number | readonly number[]) => (typeof crops === 'number' ? crops : [...crops]);
const foldNumbers = (training: Training) => Array.from({ length: training.folds }, (_, i) => i + 1);

/** Writes a bundle beside its place and moves it there when it is complete; until then the one of before is there. */
async function writeBundle(training: Training, folder: string): Promise<BundleManifest> {
  const temporary = temporaryName(folder);
  await rm(temporary, { recursive: true, force: true });
  await makeFolder(temporary);
  try {
    const manifest = await collect(training, temporary);
    await writeFileAtomic(join(temporary, bundleFile), `${canonicalJson(manifest)}\n`);
    await replaceFolder(temporary, folder);
    return manifest;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function collect(training: Training, folder: string): Promise<BundleManifest> {
  const { artifacts, profile, dataset, context, timeOrder } = training;
  const { metadata, features, neighbours, stacks, ensemble } = familySet(training.families, profile);
  const { ks, order, window } = neighbours.settings[profile];
  const settings = metadata.settings?.[profile];
  const nets = await trainedNets(training);
  const take = async (path: string, source: string) => {
    await makeFolder(dirname(join(folder, path)));
    await copyFile(source, join(folder, path));
    return { path, sha256: await sha256File(join(folder, path)) };
  };
  const takeModel = async (name: string, { answers, copyTo }: FamilyInFiles) => {
    const place = `${bundledModels}/${name}`;
    const written = await copyTo(join(folder, place));
    const files = written.map(async (file) => {
      const path = `${place}/${file}`;
      return { path, sha256: await sha256File(join(folder, path)) };
    });
    return { answers, files: await Promise.all(files) };
  };
  const takeAll = (paths: readonly string[]) => Promise.all(paths.map((path) => take(path, join(artifacts, path))));
  const { weights } = await readEnsembleWeights(artifacts);
  const { applied, methods } = await readEnsembleCalibration(artifacts);
  const sources = new Map(
    (
      await featureSources(
        artifacts,
        features.map(({ name }) => name),
      )
    ).map((source) => [source.feature, source]),
  );
  const used = features.flatMap((family) => {
    const source = sources.get(family.name);
    return source?.made === true ? [{ family, weights: source.weights }] : [];
  });
  // One after the other: of half a million clips the samples of each hold some 350 MB.
  const inputs = new Map<string, number[]>();
  for (const net of nets) {
    inputs.set(net.name, netInput(net.settings[profile].crop, (await netSamples(training, net)).labelled));
  }
  const bundled = new Set(used.map(({ family }) => family.name));
  const stackParts = stacks.flatMap((family) =>
    Object.keys(family.variants[profile]).map((variant) => ({ family, member: memberName(family, variant) })),
  );
  return {
    schema: 4,
    profile,
    dataset: { name: dataset.name, digest: dataset.digest },
    classes: [...dataset.classes],
    metadata: {
      family: metadata.name,
      version: metadata.version,
      reference: JSON.parse(
        await readFile(join(artifacts, metadataReferenceFile), 'utf8'),
      ) as BundleManifest['metadata']['reference'],
      ...(settings === undefined ? {} : { settings }),
    },
    neighbours: {
      family: neighbours.name,
      version: neighbours.version,
      nets: (await neighbourNets(training)).map(({ name }) => name),
      ks: [...ks],
      order,
      ...(window === undefined ? {} : { window }),
      ...(timeOrder === undefined ? {} : { times: timeOrder.by === 'table' ? 'captured' : 'modified' }),
    },
    features: await Promise.all(
      used.map(async ({ family, weights: made }) => ({
        family: family.name,
        version: family.version,
        settings: family.settings[profile] as BundleManifest['features'][number]['settings'],
        weightsDigest: await family.weightsDigest(context),
        weights: made.note,
        ...(made.caution === undefined ? {} : { caution: made.caution }),
        ...(family.ofResults === undefined ? {} : { ofResults: true as const }),
        ...(family.model === undefined ? {} : { model: await takeModel(family.name, family.model) }),
        ...(isForeground(family) ? { background: await bundledBackground(artifacts, family, bundled) } : {}),
        weightsFiles: await Promise.all(
          ((await family.weightsFiles?.(context)) ?? []).map((file) =>
            take(`${bundledWeights}/${basename(file)}`, file),
          ),
        ),
      })),
    ),
    nets: await Promise.all(
      nets.map(async (net) => ({
        family: net.name,
        version: net.version,
        reads: net.settings[profile].feature,
        input: inputs.get(net.name) as number[],
        crop: [...net.settings[profile].crop],
        crops: copyOf(net.settings[profile].crops),
        padding: net.settings[profile].padding ?? 'repeat',
        models: await takeAll(foldNumbers(training).map((fold) => foldModelPath(net.name, fold))),
      })),
    ),
    stacks: await Promise.all(
      stackParts.map(async ({ family, member }) => ({
        family: family.name,
        version: family.version,
        member,
        columns: (
          JSON.parse(await readFile(join(artifacts, `stack/${member}/card.json`), 'utf8')) as { columns: string[] }
        ).columns,
        models: await takeAll(foldNumbers(training).map((fold) => stackModelPath(member, fold))),
      })),
    ),
    ensemble: {
      family: ensemble.name,
      version: ensemble.version,
      weights,
      calibration: methods[applied].fitted,
      thresholds: await readEnsembleThresholds(artifacts),
    },
  };
}
