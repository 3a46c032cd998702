import type { FeatureExtractor } from '@primatrix/families';
import { extractableClip, type ExtractableClip } from '@primatrix/prediction';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip, probeClip, type Frame } from '@primatrix/video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedExtraction } from './shared-extraction.ts';

const signal = new AbortController().signal;

/** Remembers the frames that it was shown. */
function watcher(): FeatureExtractor & { readonly frames: Frame[] } {
  const frames: Frame[] = [];
  return {
    frames,
    weights: { source: 'none', digest: null, note: '' },
    pixels: 'luma',
    start: () => ({
      wants: () => true,
      push: (frame) => void frames.push(frame),
      finish: async () => ({ tensor: { dtype: 'float32', shape: [0, 1], data: new Float32Array() }, row: {} }),
    }),
    dispose: async () => {},
  };
}

describe('SharedExtraction', () => {
  let folder: TemporaryFolder;
  let clip: ExtractableClip;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const path = folder.join('a.mp4');
    await encodeClip({
      out: path,
      width: 32,
      height: 24,
      fps: 4,
      frames: Array.from({ length: 4 }, (_, i) => new Uint8Array(32 * 24 * 3).fill(40 * i)),
    });
    clip = extractableClip('a.mp4', path, await probeClip(path));
  });
  afterAll(() => folder.remove());

  it('decodes once for the families that ask for one clip together, and tells what the outcome speaks of', async () => {
    const [a, b] = [watcher(), watcher()];
    const shared = new SharedExtraction(2);
    const results = await Promise.all([
      shared.extract('id', clip, 'a', a, signal),
      shared.extract('id', clip, 'b', b, signal),
    ]);
    expect(results[0]).toBe(results[1]);
    expect([...results[0].features.keys()]).toEqual(['a', 'b']);
    expect(results[0]).toMatchObject({ looked: true, listened: false, outcome: { status: 'ok' } });
    expect(a.frames).toHaveLength(4);
    expect(a.frames.every((frame, i) => frame === b.frames[i])).toBe(true);
  });

  it('does not wait for families that do not come, and decodes for those that come later', async () => {
    const [a, b] = [watcher(), watcher()];
    const shared = new SharedExtraction(3);
    const first = await shared.extract('id', clip, 'a', a, signal);
    const second = await shared.extract('id', clip, 'b', b, signal);
    expect([[...first.features.keys()], [...second.features.keys()]]).toEqual([['a'], ['b']]);
  });

  it('goes on while anybody wants it', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const shared = new SharedExtraction(2);
    const both = [
      shared.extract('id', clip, 'a', watcher(), one.signal),
      shared.extract('id', clip, 'b', watcher(), two.signal),
    ];
    one.abort(new Error('given away'));
    expect((await Promise.all(both)).every(({ features }) => features.size === 2)).toBe(true);
    const nobody = shared.extract('id', clip, 'a', watcher(), one.signal);
    await expect(nobody).rejects.toThrow('given away');
  });
});
