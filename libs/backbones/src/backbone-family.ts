import type { Profile } from '@primatrix/contracts';
import type { Family, FeatureFamily } from '@primatrix/families';
import { parseBackboneSettings, type BackboneSettings } from './backbone-settings.ts';
import type { BackboneSpec } from './backbone-spec.ts';
import { lookAtClip } from './look-at-clip.ts';
import { openBackbone } from './open-backbone.ts';
import { cardPath, checkedModel, readCard } from './weights-store.ts';

/** What tells one backbone family from another. */
export interface BackboneFamilyOptions {
  /** The package's word, in `features <family>` and in artifact folders too: for example `vgg16`. */
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly backbone: BackboneSpec;
  readonly settings: Readonly<Record<Profile, BackboneSettings>>;
}

/** A feature family that looks with a backbone: it says what its weights are, and so can be asked to import them. */
export interface BackboneFamily extends FeatureFamily {
  readonly settings: Readonly<Record<Profile, BackboneSettings>>;
  /** The net: its layers by Keras's names, and the file of weights that Keras publishes. */
  readonly backbone: BackboneSpec;
}

/** The backbones among families, in their order. */
export function backboneFamilies(families: readonly Family[]): BackboneFamily[] {
  return families.filter((family): family is BackboneFamily => family.kind === 'features' && 'backbone' in family);
}

/**
 * A feature family that looks at sampled frames of a clip with a backbone: [frames, width], one row a frame
 * looked at. Without imported weights the backbone is untrained and its provenance says so.
 */
export function backboneFamily(options: BackboneFamilyOptions): BackboneFamily {
  const { backbone: spec } = options;
  return {
    ...options,
    kind: 'features',
    rowShape(settings) {
      parseBackboneSettings(settings, options.name, spec);
      return [spec.width];
    },
    async weightsDigest({ weightsDir }) {
      return (await readCard(spec.name, weightsDir))?.model.sha256 ?? null;
    },
    async weightsFiles({ weightsDir }) {
      const card = await readCard(spec.name, weightsDir);
      return card === undefined ? [] : [cardPath(spec.name, weightsDir), await checkedModel(card, weightsDir)];
    },
    async open(given, { weightsDir, threads, device }) {
      const settings = parseBackboneSettings(given, options.name, spec);
      const { seed, convolution } = settings;
      const winograd = convolution === 'winograd';
      const backbone = await openBackbone(spec, { weightsDir, threads, device, seed, winograd });
      return {
        weights: backbone.weights,
        pixels: 'color',
        start: ({ frames }) => lookAtClip(backbone, settings, frames),
        dispose: () => backbone.dispose(),
      };
    },
  };
}
