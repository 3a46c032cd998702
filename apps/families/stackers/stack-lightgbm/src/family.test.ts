import { writeFile } from 'node:fs/promises';
import { treeStackConformance } from '@primatrix/boosting/stack/conformance';
import type { PreparationProgress } from '@primatrix/families';
import { temporaryFolder } from '@primatrix/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { family } from './family.ts';

it.each(treeStackConformance)('$name', ({ run }) =>
  run({ family, params: { num_leaves: 7, min_data_in_leaf: 5, bagging_fraction: 0.9, bagging_freq: 1 } }),
);

it('has the original’s figures', () => {
  expect(Object.keys(family.variants.competition)).toEqual(['a', 'b']);
  expect(family.variants.competition['a']).toMatchObject({
    target: 'last-positive',
    rounds: 10_000,
    patience: 50,
    params: { learning_rate: 0.01, num_leaves: 63, min_data_in_leaf: 1000 },
  });
  expect(family.variants.competition['b']).toMatchObject({ target: 'last-positive', params: { learning_rate: 0.011 } });
});

afterEach(() => vi.unstubAllEnvs());

it('tells how far the library is, and stops when it is told to', async () => {
  await using folder = await temporaryFolder();
  // A compiler that takes a file and makes an empty one: what is compiled is not the matter here.
  const compiler = folder.join('compiler');
  await writeFile(compiler, '#!/bin/sh\nfor a; do [ "$last" = -o ] && : > "$a"; last="$a"; done\n', { mode: 0o755 });
  vi.stubEnv('PRIMATRIX_LIGHTGBM', '');
  vi.stubEnv('CXX', compiler);
  vi.stubEnv('PRIMATRIX_CACHE', folder.join('stopped'));
  const stop = new AbortController();
  const stopped = family.preparation?.run({ signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
  await expect(stopped).rejects.toThrow('enough');

  vi.stubEnv('PRIMATRIX_CACHE', folder.join('cache'));
  const told: PreparationProgress[] = [];
  const library = await family.preparation?.run({ onProgress: (progress) => told.push(progress) });
  expect(library).toContain(folder.join('cache'));
  expect(told.length).toBeGreaterThan(1);
  expect(told.every(({ name, fraction }) => name === 'lightgbm' && fraction > 0 && fraction <= 1)).toBe(true);
  expect(told.at(-1)?.fraction).toBe(1);

  expect(await family.preparation?.run({ onProgress: () => expect.unreachable() })).toBe(library);
});
