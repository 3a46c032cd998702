import { writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeptVectors } from './kept-vectors.ts';
import type { FromSuggest, SuggestClip } from './suggest-messages.ts';
import { Suggester } from './suggester.ts';

let folder: TemporaryFolder;
let told: FromSuggest[];
let looked: string[];

const ensemble = {
  combine: (members: readonly { readonly probabilities: Float64Array }[]) =>
    Float64Array.from(members[0]?.probabilities ?? [], (_, i) =>
      members.reduce((sum, { probabilities }) => sum + (probabilities[i] ?? 0) / members.length, 0),
    ),
  calibrate: () => ({ method: 'none' }) as const,
};

/** A clip whose vector points where the first letter of its name says. */
async function clip(name: string, species?: string, site?: string): Promise<SuggestClip> {
  const path = folder.join(name);
  await writeFile(path, name);
  const file = { filename: name, path, ...(site === undefined ? {} : { site }) };
  return { id: name, file, ...(species === undefined ? {} : { species: [species] }) };
}

function suggester(vectors: KeptVectors): Suggester {
  return new Suggester({
    vectors,
    ensemble,
    send: (message) => told.push(message),
    embed: ({ filename }) => {
      looked.push(filename);
      if (filename.startsWith('sound')) return Promise.resolve(null);
      const at = 'hdl'.indexOf(filename[0] ?? '');
      return Promise.resolve(
        Float32Array.from([0, 1, 2], (i) => (i === at ? 1 : 0.05 * Math.sin(filename.length + i))),
      );
    },
  });
}

const answer = () => told.findLast((message) => message.type === 'suggested');
const idle = (round: number) =>
  vi.waitUntil(() => told.some((message) => message.type === 'idle' && message.round === round), { timeout: 30_000 });

beforeEach(async () => {
  [told, looked] = [[], []];
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

it('suggests from one clip a species, says what that is worth once it can, and looks at no clip twice', async () => {
  await using vectors = await KeptVectors.open(folder.join('vectors.jsonl'));
  const one = suggester(vectors);
  const [h, d] = [await clip('hog-1', 'hog', 'a'), await clip('duiker-1', 'duiker', 'b')];
  const open = [await clip('hog-22'), await clip('duiker-22'), await clip('sound')];
  one.take({ round: 1, clips: [h, d, ...open] });
  await idle(1);
  expect(answer()).toMatchObject({
    basis: { labels: 2, classes: ['duiker', 'hog'], judged: 0, accuracy: null },
  });
  const by = new Map(answer()?.suggestions.map(({ id, species, rank }) => [id, [species, rank]]));
  expect([by.get('hog-22')?.[0], by.get('duiker-22')?.[0], by.has('sound')]).toEqual(['hog', 'duiker', false]);
  expect([...by.values()].map(([, rank]) => rank).sort()).toEqual([0, 1]);
  expect(looked.toSorted()).toEqual(['duiker-1', 'duiker-22', 'hog-1', 'hog-22', 'sound']);

  // More labels: only they change, and left-out clips tell what the suggestions are worth.
  const more = [h, d, await clip('hog-333', 'hog', 'b'), await clip('duiker-333', 'duiker', 'a'), ...open];
  one.take({ round: 2, clips: more });
  await idle(2);
  expect(looked).toHaveLength(7);
  expect(answer()?.basis).toMatchObject({ labels: 4, judged: 4, by: 'site', accuracy: 1 });
  await one.stop();
});

it('finds its vectors again after a restart, also of cards that have left, and not those of files that were replaced', async () => {
  const clips = [await clip('hog-1', 'hog'), await clip('duiker-1', 'duiker'), await clip('leopard-1')];
  {
    await using vectors = await KeptVectors.open(folder.join('vectors.jsonl'));
    const first = suggester(vectors);
    first.take({ round: 1, clips });
    await idle(1);
    await first.stop();
  }
  // What a killed process left half written is passed over.
  await writeFile(folder.join('vectors.jsonl'), '{"path":"/torn', { flag: 'a' });
  await writeFile(folder.join('hog-1'), 'another clip');
  told = [];
  await using again = await KeptVectors.open(folder.join('vectors.jsonl'));
  const second = suggester(again);
  second.take({
    round: 2,
    clips: clips.map((one) => (one.id === 'duiker-1' ? { ...one, file: { ...one.file } } : one)),
  });
  await idle(2);
  expect(looked.slice(3)).toEqual(['hog-1']);
  expect(answer()?.suggestions).toHaveLength(1);
  await second.stop();
});

it('takes up the latest request alone, and says why it cannot go on', async () => {
  await using vectors = await KeptVectors.open(folder.join('vectors.jsonl'));
  const one = suggester(vectors);
  const clips = [await clip('hog-1', 'hog'), await clip('duiker-1', 'duiker'), await clip('leopard-1')];
  one.take({ round: 1, clips });
  one.take({ round: 2, clips: clips.slice(0, 2) });
  await idle(2);
  expect(told.some((message) => message.type === 'suggested' && message.round === 1)).toBe(false);
  await one.stop();

  const broken = new Suggester({
    ...{ vectors, ensemble, send: (message) => told.push(message) },
    embed: () => Promise.reject(new Error('the model does not load')),
  });
  broken.take({ round: 3, clips: [await clip('hog-9', 'hog')] });
  await vi.waitUntil(() => told.at(-1)?.type === 'failed', { timeout: 30_000 });
  expect(told.at(-1)).toEqual({ type: 'failed', message: 'the model does not load' });
});
