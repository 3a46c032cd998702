import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conformance } from '@primatrix/contracts';
import type { FeatureExtractor, FeatureFamily, JsonValue } from '@primatrix/families';
import { featureConformance, type FeatureFamilyUnderTest } from '@primatrix/families/conformance';
import { float16ToFloat32 } from '@primatrix/tensor-store';
import { BackboneError } from './errors.ts';
import { syntheticPictures } from './synthetic-pictures.ts';

/** The two numbers that tell backbones apart. */
export interface BackboneUnderTest {
  /** Height and width to test with, pixels: small, for speed, and no smaller than the net can take. */
  readonly size: number;
  /** Features a frame. */
  readonly width: number;
}

interface Subject extends FeatureFamilyUnderTest, BackboneUnderTest {
  readonly settings: Readonly<Record<string, JsonValue>>;
}

const most = 6;

const own: readonly Conformance<Subject>[] = [
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
    name: 'looks at the frames that it is told to, and has the same features of them in other batches, in half precision, and reused',
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
export async function backboneConformance(
  family: FeatureFamily,
  { size, width }: BackboneUnderTest,
): Promise<string[]> {
  const weightsDir = await mkdtemp(join(tmpdir(), 'primatrix-conformance-'));
  const context = { weightsDir, threads: 2, device: 'cpu' } as const;
  const settings = {
    ...(family.settings.laptop as Record<string, JsonValue>),
    size,
    every: 2,
    maxFrames: most,
    batch: 4,
  };
  try {
    const extractor = await family.open(settings, context);
    try {
      const made: string[] = [];
      for (const { name, run } of cases) {
        await run({ family, extractor, settings, context, maxRows: most, size, width }).catch((cause: unknown) => {
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
