import { UsageError } from '@primatrix/contracts';
import { defaultModelsDir, findModel, modelAnswers, modelDigest, type ModelFolder } from '@primatrix/models';
import { bundledModels, type BundleManifest } from '@primatrix/prediction';

/** The models that `serve --model` names. @throws ModelError */
export function otherModels({
  model = [],
  models: dir = defaultModelsDir(),
}: {
  readonly model?: readonly string[];
  readonly models?: string;
}): Promise<ModelFolder[]> {
  return Promise.all(model.map((name) => findModel(dir, name)));
}

/**
 * A bundle in which other versions stand in for its models: services of theirs are releases of their own, which take work of the bundle
 * that is sent to their version.
 * @throws UsageError `SERVE_MODEL` where the bundle has no such model, or what it answers is otherwise
 */
export function withModels(manifest: BundleManifest, models: readonly ModelFolder[]): BundleManifest {
  const features = [...manifest.features];
  for (const model of models) {
    const { name, version, file, sha256, licence } = model.card;
    const at = features.findIndex((part) => part.family === name);
    const part = features[at];
    const wrong = (rule: string, hint: string) => new UsageError('SERVE_MODEL', `serve: --model ${rule}`, { hint });
    if (part?.model === undefined) {
      const known = features.flatMap(({ family, model: own }) => (own === undefined ? [] : [family]));
      throw wrong(`${name}: the bundle has no such model`, `models of the bundle: ${known.join(', ') || 'none'}`);
    }
    if (part.model.answers !== modelAnswers(model)) {
      throw wrong(
        `${name}: ${version} does not answer as ${part.version} of the bundle does`,
        'another version must have the kind, the width and the classes of the one that was trained with; else train again',
      );
    }
    features[at] = {
      ...part,
      version,
      weights: `${name} ${version}, licence ${licence}`,
      weightsDigest: modelDigest(model),
      model: { ...part.model, files: [{ path: `${bundledModels}/${name}/${file}`, sha256 }] },
    };
  }
  return { ...manifest, features };
}
