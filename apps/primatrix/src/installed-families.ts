import { availableParallelism } from 'node:os';
import { UsageError } from '@primatrix/contracts';
import { defaultWeightsDir, type BackboneFamily } from '@primatrix/backbones';
import { discoverFamilies, type Family, type FeatureContext, type FeatureFamily } from '@primatrix/families';
import { listModels, modelFamily } from '@primatrix/models';
import type { Device } from '@primatrix/onnx';

/** The families that this command line depends on. */
export function installedFamilies(): Promise<Family[]> {
  // Seen from src/ and from dist/ alike, package.json is one folder up.
  return discoverFamilies(new URL('../', import.meta.url));
}

/** The models in a folder as families; those that are broken are left out, as `models list` tells of them. */
export async function modelFamilies(dir: string): Promise<FeatureFamily[]> {
  return (await listModels(dir)).models.map(modelFamily);
}

/** @throws UsageError naming the families there are, where none makes that feature */
export function featureFamily(families: readonly Family[], feature: string): FeatureFamily {
  const makers = families.filter((family) => family.kind === 'features');
  const found = makers.find((family) => family.name === feature);
  if (found === undefined) {
    const names = makers
      .map((family) => family.name)
      .sort()
      .join(', ');
    throw new UsageError('FAMILY_UNKNOWN', `features: there is no family '${feature}'`, {
      hint: `installed: ${names}`,
    });
  }
  return found;
}

/** @throws UsageError naming the backbones there are, where none is called that */
export function backboneNamed(backbones: readonly BackboneFamily[], name: string): BackboneFamily {
  const found = backbones.find(({ backbone }) => backbone.name === name);
  if (found === undefined) {
    throw new UsageError('WEIGHTS_BACKBONE', `weights: there is no backbone '${name}'`, {
      hint: `backbones: ${backbones.map(({ backbone }) => backbone.name).join(', ')}`,
    });
  }
  return found;
}

/** Where weights lie and what computes, for feature families. */
export function featureContext(
  options: {
    readonly device?: Device;
    readonly threads?: number | undefined;
    readonly weights?: string;
  } = {},
): FeatureContext {
  return {
    weightsDir: options.weights ?? defaultWeightsDir(),
    threads: options.threads ?? availableParallelism(),
    device: options.device ?? 'cpu',
  };
}
