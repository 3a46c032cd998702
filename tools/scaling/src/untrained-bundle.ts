import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Profile } from '@primatrix/contracts';
import {
  netInputShape,
  type Family,
  type FeatureContext,
  type FeatureExtractor,
  type FeatureFamily,
  type NetFamily,
} from '@primatrix/families';
import { canonicalJson, sha256Bytes, writeFileAtomic } from '@primatrix/files';
import { exportInference } from '@primatrix/nets';
import { bundleFile, type BundleManifest } from '@primatrix/prediction';
import { familySet } from '@primatrix/training';
import { anyWeights } from './any-weights.ts';

/** Classes and folds of the competition. */
const classes = Array.from({ length: 24 }, (_, i) => `class ${i + 1}`);
const folds = 5;

/**
 * Writes a bundle whose nets are of full size and know nothing: what a clip costs does not depend on weights. It has no
 * second level, whose trees only training makes.
 */
export async function writeUntrainedBundle(
  folder: string,
  profile: Profile,
  installed: readonly Family[],
  context: FeatureContext,
): Promise<void> {
  const wanted = installed.filter((family) => family.kind !== 'nets' || family.profiles.includes(profile));
  const { metadata, features, neighbours, nets, ensemble } = familySet(wanted, profile);
  const featureParts: BundleManifest['features'] = [];
  for (const family of features) {
    // Imported weights, which a folder of the bundle's own has none of, would not change the cost.
    const extractor = await family.open(family.settings[profile], { ...context, weightsDir: join(folder, 'weights') });
    featureParts.push(featurePart(family, profile, extractor));
    await extractor.dispose();
  }
  const netParts: BundleManifest['nets'] = [];
  for (const net of nets) {
    netParts.push(await writeNet(folder, profile, net, netInputShape(net, features, profile)));
  }
  const manifest: BundleManifest = {
    schema: 4,
    profile,
    dataset: { name: 'untrained', digest: sha256Bytes(profile) },
    classes,
    metadata: { family: metadata.name, version: metadata.version, reference: null },
    neighbours: { family: neighbours.name, version: neighbours.version, nets: [], ks: [1], order: 'site' },
    features: featureParts,
    nets: netParts,
    stacks: [],
    ensemble: {
      family: ensemble.name,
      version: ensemble.version,
      weights: {},
      calibration: { method: 'none' },
      thresholds: { answers: [], note: '' },
    },
  };
  await writeFileAtomic(join(folder, bundleFile), `${canonicalJson(manifest)}\n`);
}

function featurePart(
  family: FeatureFamily,
  profile: Profile,
  { weights }: FeatureExtractor,
): BundleManifest['features'][number] {
  const settings = family.settings[profile] as BundleManifest['features'][number]['settings'];
  return {
    family: family.name,
    version: family.version,
    settings,
    weightsDigest: weights.digest,
    weights: weights.note,
    weightsFiles: [],
  };
}

async function writeNet(
  folder: string,
  profile: Profile,
  net: NetFamily,
  input: number[],
): Promise<BundleManifest['nets'][number]> {
  const { feature, crop, crops, padding = 'repeat' } = net.settings[profile];
  const spec = net.build({ input, classes: classes.length, profile });
  const model = exportInference(spec, anyWeights(spec));
  const path = `nets/${net.name}.onnx`;
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFileAtomic(join(folder, path), model);
  // One file for all folds: each is opened, and computed, by itself.
  const models = Array.from({ length: folds }, () => ({ path, sha256: sha256Bytes(model) }));
  return {
    family: net.name,
    version: net.version,
    reads: feature,
    input,
    crop: [...crop],
    crops: typeof crops === 'number' ? crops : [...crops],
    padding,
    models,
  };
}
