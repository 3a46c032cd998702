import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conformance } from '@primatrix/contracts';
import type { FeatureExtractor, JsonValue } from '@primatrix/families';
import { featureConformance, type FeatureFamilyUnderTest } from '@primatrix/families/conformance';
import { float16ToFloat32 } from '@primatrix/tensor-store';
import type { BackboneFamily } from './backbone-family.ts';
import { countMultiplications, countParameters } from './backbone-spec.ts';
import { BackboneError } from './errors.ts';
import { openBackbone } from './open-backbone.ts';
import { syntheticPictures } from './synthetic-pictures.ts';

/** What tells backbones apart. */
export interface BackboneUnderTest {
  /** Height and width to test with, pixels: small, for speed, and no smaller than the net can take. */
  readonly size: number;
  /** Features a frame. */
  readonly width: number;
  /** Parameters without the top by Keras's count, and how many of them training does not touch. */
  readonly parameters: { readonly total: number; readonly frozen: number };
  /** Multiply-adds of a frame, without the top, at a size in pixels: the paper's figure. */
  readonly multiplications: { readonly size: number; readonly count: number };
}

interface Subject extends FeatureFamilyUnderTest, BackboneUnderTest {
  readonly family: BackboneFamily;
  readonly settings: Readonly<Record<string, JsonValue>>;
}

const most = 6;

const own: readonly Conformance<Subject>[] = [
  {
    name: 'has the parameters of the published net, and within 2 % its multiplications',
    run: async ({ family: { backbone }, parameters, multiplications: { size, count } }) => {
      assert.deepEqual(countParameters(backbone), parameters);
      if (backbone.earlier !== undefined) assert.deepEqual(countParameters(backbone.earlier), parameters);
      const counted = countMultiplications(backbone, size);
      assert.ok(Math.abs(counted / count - 1) < 0.02, `${counted} multiplications at ${size} pixels`);
    },
  },
  {
    name: 'gives as many features a frame as it says, and says that it is untrained',
    run: async ({ extractor, width, size }) => {
      assert.equal(extractor.weights.source, 'random');
      assert.deepEqual((await featuresOf(extractor, pictures(2, size))).shape, [2, width]);
    },
  },
  {
    name: 'refuses settings that say nothing',
    run: async ({ family, settings, context }) => {
      for (const wrong of [{ size: 1 }, { every: 0 }, { resize: 'guess' }, { reuseWithin: 65 }]) {
        await assert.rejects(
          family.open({ ...settings, ...wrong }, context),
          { code: 'FAMILY_SETTINGS' },
          JSON.stringify(wrong),
        );
      }
    },
  },
  {
    name:
      'looks at the frames that it is told to, and has the same features of them in other batches, in half ' +
      'precision, and reused',
    run: async ({ family, extractor, settings, context, size }) => {
      // One opening for all of them: drawing the weights is what takes time.
      const other = await family.open(
        { ...settings, every: 4, maxFrames: 5, batch: 3, storage: 'float16', reuseWithin: 0 },
        context,
      );
      try {
        const clip = other.start({ name: 'a.mp4', frames: 20 });
        assert.deepEqual(
          Array.from({ length: 20 }, (_, i) => i).filter((i) => clip.wants(i)),
          [0, 4, 8, 12, 16],
        );
        const [a, b, c] = pictures(3, size) as [Uint8Array, Uint8Array, Uint8Array];
        const frames = [a, b, b, c, a];
        const [wanted, got] = [await featuresOf(extractor, frames), await featuresOf(other, frames)];
        assert.deepEqual(got.shape, wanted.shape);
        // Half precision keeps 11 bits.
        wanted.values.forEach((value, i) =>
          assert.ok(Math.abs(value - (got.values[i] as number)) < 1e-4 + Math.abs(value) / 1024, `value ${i}`),
        );
      } finally {
        await other.dispose();
      }
    },
  },
];

const cases: readonly Conformance<Subject>[] = [...featureConformance, ...own];

/** What is checked, in this order. */
export const backboneChecks: readonly string[] = cases.map(({ name }) => name);

/**
 * Checks what every backbone family promises: all that feature families do, and that its settings (size, sampling,
 * batch, storage, reuse) do what they say. Opens it untrained, in a folder without weights.
 * @returns the checks that were made: {@link backboneChecks}
 * @throws BackboneError `BACKBONE_CONFORMANCE` naming the promise that is broken
 */
export async function backboneConformance(family: BackboneFamily, given: BackboneUnderTest): Promise<string[]> {
  const weightsDir = await mkdtemp(join(tmpdir(), 'primatrix-conformance-'));
  const context = { weightsDir, threads: 2, device: 'cpu' } as const;
  const settings = {
    ...family.settings.laptop,
    size: given.size,
    every: 2,
    maxFrames: most,
    batch: 4,
  };
  try {
    const extractor = await family.open(settings, context);
    try {
      const made: string[] = [];
      for (const { name, run } of cases) {
        await run({ family, extractor, settings, context, maxRows: most, ...given }).catch((cause: unknown) => {
          const detail = cause instanceof Error ? cause.message : String(cause);
          throw new BackboneError('BACKBONE_CONFORMANCE', `${family.name}: broken promise: ${name}: ${detail}`, {
            cause,
          });
        });
        made.push(name);
      }
      return made;
    } finally {
      await extractor.dispose();
    }
  } finally {
    await rm(weightsDir, { recursive: true, force: true });
  }
}

/**
 * How alike an untrained backbone finds four unlike pictures: kernels by He's rule alone would give cosines of 0.96 and
 * more for shallow nets, and features of 60.
 * @returns `features`: [4, width] at 64 pixels from the seed; their `mean`; `cosine`: the largest of two pictures
 */
export async function untrainedFeatures(
  { backbone: spec }: BackboneFamily,
  seed: number,
): Promise<{ features: Float32Array; mean: number; cosine: number }> {
  const weightsDir = await mkdtemp(join(tmpdir(), 'primatrix-conformance-'));
  try {
    const backbone = await openBackbone(spec, { weightsDir, seed, threads: 2 });
    assert.match(backbone.weights.note, new RegExp(`^UNTRAINED: .*seed ${seed}`));
    const unlike = Uint8Array.from({ length: 4 * 64 * 64 * 3 }, (_, i) => {
      const [n, y, x] = [Math.floor(i / 12288), Math.floor(i / 192) % 64, Math.floor(i / 3) % 64];
      return 128 + 100 * Math.sin(x / (3 + 4 * n) + n) * Math.cos(y / (9 - 2 * n) + (i % 3));
    });
    const features = await backbone.run(unlike, 4, 64, 64);
    await backbone.dispose();
    const rows = [0, 1, 2, 3].map((n) => features.subarray(n * spec.width, (n + 1) * spec.width));
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);
    const cosines = rows.flatMap((a, i) => rows.slice(0, i).map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
    return { features, mean: features.reduce((a, b) => a + b, 0) / features.length, cosine: Math.max(...cosines) };
  } finally {
    await rm(weightsDir, { recursive: true, force: true });
  }
}

interface Features {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Features of a clip of square rgb pictures of one size. */
async function featuresOf(extractor: FeatureExtractor, frames: readonly Uint8Array[]): Promise<Features> {
  const clip = extractor.start({ name: 'conformance.mp4', frames: null });
  for (const [i, rgb] of frames.entries()) {
    const side = Math.sqrt(rgb.length / 3);
    const luma = () => Uint8Array.from({ length: side * side }, (_, pixel) => rgb[pixel * 3 + 1] as number);
    await clip.push({ index: i, width: side, height: side, rgb: () => rgb, luma });
  }
  const { tensor } = await clip.finish();
  return {
    shape: tensor.shape,
    values: tensor.dtype === 'float16' ? float16ToFloat32(tensor.data as Uint16Array) : (tensor.data as Float32Array),
  };
}

function pictures(count: number, size: number): Uint8Array[] {
  const all = syntheticPictures(count, size, 1);
  return Array.from({ length: count }, (_, i) =>
    all.subarray((i * all.length) / count, ((i + 1) * all.length) / count),
  );
}
