import { readFile } from 'node:fs/promises';
import { sharedData } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';

interface Hash {
  readonly phash: string;
  readonly dhash: string;
}
interface HashedClip {
  readonly frames: number;
  readonly hashes: Hash[];
  readonly row: Record<string, number>;
}

const golden = sharedData('golden/image-hash');
const clip = sharedData('clips/ACP0006s6f-small-cat.mp4');

async function hash(path: string): Promise<HashedClip> {
  const { status, stdout } = await run(['hash', path, '--json']);
  expect(status).toBe(0);
  return JSON.parse(stdout) as HashedClip;
}

const readGolden = async () =>
  JSON.parse(await readFile(`${golden}/acp-small-cat.json`, 'utf8')) as HashedClip & { pngFrames: number[] };

describe.skipIf(golden === undefined || clip === undefined)('hash and the Python reference', () => {
  it('frames as PNG: bit for bit', async () => {
    const { pngFrames, hashes } = await readGolden();
    for (const frame of pngFrames) {
      const found = await hash(`${golden}/acp-small-cat-frame${`${frame}`.padStart(4, '0')}.png`);
      expect([frame, found.frames, found.hashes]).toEqual([frame, 1, [hashes[frame]]]);
    }
  });

  it("the reference library's own test constants", async () => {
    const { phash, dhash } = JSON.parse(await readFile(`${golden}/imagehash.json`, 'utf8')) as Hash;
    expect((await hash(`${golden}/imagehash.png`)).hashes).toEqual([{ phash, dhash }]);
  });

  it('the whole clip, decoded by our ffmpeg: at least 99 % of bits, summary numbers within 2 %', async () => {
    const reference = await readGolden();
    const found = await hash(clip ?? '');
    expect(found.frames).toBe(360);
    let equal = 0;
    for (const [i, wanted] of reference.hashes.entries()) {
      for (const kind of ['phash', 'dhash'] as const) {
        equal += 64 - differingBits(found.hashes[i]?.[kind] ?? '', wanted[kind]);
      }
    }
    expect(equal / (reference.hashes.length * 128)).toBeGreaterThanOrEqual(0.99);
    expect(Object.keys(found.row).sort()).toEqual(Object.keys(reference.row).sort());
    for (const [name, value] of Object.entries(reference.row)) {
      expect(Math.abs((found.row[name] ?? Number.NaN) - value), name).toBeLessThanOrEqual(0.02 * value);
    }
  });
});

function differingBits(a: string, b: string): number {
  const bits = (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2);
  return bits.replaceAll('0', '').length;
}
