import assert from 'node:assert/strict';
import { UsageError, type Conformance } from '@primatrix/contracts';
import type { Frame } from '@primatrix/video';
import type { JsonValue } from './family.ts';
import type { ClipFeatures, FeatureContext, FeatureExtractor, FeatureFamily } from './feature-family.ts';

/** A feature family under test, opened once for all cases: the test opens and disposes it. */
export interface FeatureFamilyUnderTest {
  readonly family: FeatureFamily;
  readonly extractor: FeatureExtractor;
  /** What `extractor` was opened with. */
  readonly settings: JsonValue;
  readonly context: FeatureContext;
  /** The most rows a clip may have; Infinity for families that look at every frame. */
  readonly maxRows: number;
}

interface ClipOptions {
  /** Frames that arrive. */
  readonly frames: number;
  /** Frames that the clip is thought to have. Default: as many as arrive. */
  readonly promised?: number | null;
  readonly width?: number;
  readonly height?: number;
  /** Another number, another clip. */
  readonly variant?: number;
  /** Overwrite a frame's bytes once its push has settled. */
  readonly reuseBuffers?: boolean;
}

/** Pixels that differ between places, frames and variants; the colours as the family asked for them. */
function frameOf(
  index: number,
  pixels: FeatureExtractor['pixels'],
  { width = 48, height = 36, variant = 0 }: ClipOptions,
): { frame: Frame; spoil: () => void } {
  const channels = pixels === 'luma' ? 1 : 3;
  const bytes = new Uint8Array(width * height * channels);
  for (let i = 0; i < bytes.length; i++) {
    const pixel = Math.floor(i / channels);
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    bytes[i] =
      128 +
      90 * Math.sin((x + 3 * index + 17 * variant) / 5) * Math.cos((y + variant) / 4 + (i % channels)) +
      ((x * 7 + y * 13 + index * 29) % 31);
  }
  const refuse = (what: string) => () => assert.fail(`asked for '${pixels}' pixels, then called ${what}()`);
  const frame: Frame = {
    index,
    width,
    height,
    luma: pixels === 'none' ? refuse('luma') : () => bytes.subarray(0, width * height),
    rgb: pixels === 'color' ? () => bytes : refuse('rgb'),
  };
  return { frame, spoil: () => bytes.fill(255) };
}

/** Sends a made-up clip through an extractor; `looked` are the frames it wanted. */
async function extract(
  extractor: FeatureExtractor,
  options: ClipOptions,
): Promise<{ features: ClipFeatures; looked: number[] }> {
  const promised = options.promised === undefined ? options.frames : options.promised;
  const extraction = extractor.start({ name: `conformance-${options.variant ?? 0}.mp4`, frames: promised });
  const looked: number[] = [];
  for (let index = 0; index < options.frames; index++) {
    if (!extraction.wants(index)) continue;
    looked.push(index);
    const { frame, spoil } = frameOf(index, extractor.pixels, options);
    await extraction.push(frame);
    if (options.reuseBuffers === true) spoil();
  }
  return { features: await extraction.finish(), looked };
}

function checkShape(
  { family, settings }: Pick<FeatureFamilyUnderTest, 'family' | 'settings'>,
  { tensor }: ClipFeatures,
  rows: number,
): void {
  assert.deepEqual(
    tensor.shape,
    [rows, ...family.rowShape(settings)],
    'one row a frame that was looked at, of the shape that the family says',
  );
  assert.ok(
    tensor.shape.every((size) => Number.isInteger(size) && size > 0),
    'at least one feature',
  );
  assert.equal(
    tensor.data.length,
    tensor.shape.reduce((product, size) => product * size, 1),
    'as many values as the shape says',
  );
  if (tensor.dtype === 'float32') {
    assert.ok((tensor.data as Float32Array).every(Number.isFinite), 'all values must be finite');
  }
}

/**
 * What every {@link FeatureFamily} must do, free of any test runner:
 * `it.each(featureConformance)('$name', ({ run }) => run(subject))`. Takes small settings: about 100 frames are pushed.
 * For families that look at pictures; the first three hold for those that only listen, too.
 */
export const featureConformance: readonly Conformance<FeatureFamilyUnderTest>[] = [
  {
    name: 'says what it is, in both profiles, as JSON',
    run: async ({ family }) => {
      assert.equal(family.kind, 'features');
      assert.match(family.name, /^[a-z][a-z0-9-]*$/);
      assert.match(family.name, /^[a-z][a-z0-9-]*$/);
      assert.match(family.version, /^\d+\.\d+\.\d+/);
      assert.ok(family.summary.length > 0);
      for (const profile of ['laptop', 'competition'] as const) {
        assert.deepEqual(JSON.parse(JSON.stringify(family.settings[profile])), family.settings[profile]);
        const shape = family.rowShape(family.settings[profile]);
        assert.ok(shape.length > 0 && shape.every((size) => Number.isInteger(size) && size > 0), `${shape.join()}`);
      }
    },
  },
  {
    name: 'refuses settings that are not its own',
    run: async ({ family, settings, context }) => {
      const foreign = { ...(settings as Record<string, JsonValue>), 'no-such-setting': 1 };
      const error = await family.open(foreign, context).then(
        () => assert.fail('must be refused'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof UsageError, `must be a UsageError, got ${String(error)}`);
      assert.throws(() => family.rowShape(foreign), UsageError, 'nor may it say a shape for them');
    },
  },
  {
    name: 'says where its weights come from',
    run: async ({ family, extractor, context }) => {
      const { source, digest, note } = extractor.weights;
      assert.equal(
        await family.weightsDigest(context),
        digest,
        'weightsDigest() must be the digest of what open() loads',
      );
      if (source === 'imported') assert.match(digest ?? '', /^[0-9a-f]{64}$/);
      if (source === 'random') assert.match(note, /UNTRAINED/, 'untrained weights must be said');
    },
  },
  {
    name: 'gives one row for a clip of one frame',
    run: async ({ family, settings, extractor }) => {
      const { features, looked } = await extract(extractor, { frames: 1 });
      assert.deepEqual(looked, [0]);
      checkShape({ family, settings }, features, 1);
    },
  },
  {
    name: 'gives one row for each frame it wanted',
    run: async ({ family, settings, extractor, maxRows }) => {
      const { features, looked } = await extract(extractor, { frames: 30, width: 37, height: 61 });
      assert.ok(
        looked.length >= 1 && looked.length <= maxRows,
        `wanted ${looked.length} frames, at most ${maxRows} allowed`,
      );
      checkShape({ family, settings }, features, looked.length);
    },
  },
  {
    name: 'keeps to its most rows, whatever was promised',
    run: async ({ extractor, maxRows }) => {
      for (const promised of [null, 0, 1, 7, 360, 1822, 1_000_000]) {
        // Only frames that are pushed count towards the limit, so ask with a clip that has many.
        const extraction = extractor.start({ name: 'long.mp4', frames: promised });
        assert.ok(extraction.wants(0), `must want the first frame when ${promised} frames are promised`);
        const wanted = Array.from({ length: promised ?? 2000 }, (_, index) => index).filter((index) =>
          extraction.wants(index),
        );
        assert.ok(wanted.length <= maxRows, `wants ${wanted.length} of ${promised} frames, at most ${maxRows} allowed`);
        assert.equal(new Set(wanted).size, wanted.length);
      }
    },
  },
  {
    name: 'takes a clip that ends before its promise, or after it',
    run: async ({ family, settings, extractor, maxRows }) => {
      for (const promised of [500, 2, null]) {
        const { features, looked } = await extract(extractor, { frames: 9, promised });
        assert.ok(looked.length >= 1 && looked.length <= maxRows);
        checkShape({ family, settings }, features, looked.length);
      }
    },
  },
  {
    name: 'gives the same bytes for the same clip, also after others and from reused buffers',
    run: async ({ extractor }) => {
      const first = await extract(extractor, { frames: 9 });
      await extract(extractor, { frames: 5, variant: 1 });
      assert.deepEqual((await extract(extractor, { frames: 9 })).features, first.features);
      assert.deepEqual((await extract(extractor, { frames: 9, reuseBuffers: true })).features, first.features);
    },
  },
  {
    name: 'tells clips apart, with the same columns and shape of a row for each',
    run: async ({ extractor }) => {
      const [a, b] = [
        await extract(extractor, { frames: 9 }),
        await extract(extractor, { frames: 9, variant: 5, width: 64 }),
      ];
      assert.deepEqual(a.features.tensor.shape.slice(1), b.features.tensor.shape.slice(1));
      assert.notDeepEqual(a.features.tensor.data, b.features.tensor.data);
      assert.deepEqual(Object.keys(a.features.row), Object.keys(b.features.row));
      for (const [column, value] of Object.entries(a.features.row)) assert.equal(typeof value, 'number', column);
    },
  },
  {
    name: 'gives the same bytes when opened again, and can be disposed',
    run: async ({ family, extractor, settings, context }) => {
      const again = await family.open(settings, context);
      try {
        assert.deepEqual(
          (await extract(again, { frames: 3 })).features,
          (await extract(extractor, { frames: 3 })).features,
        );
      } finally {
        await again.dispose();
      }
    },
  },
];
