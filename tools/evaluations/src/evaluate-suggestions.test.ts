import { expect, it } from 'vitest';
import { evaluateSuggestions } from './evaluate-suggestions.ts';
import { drawLabelled } from './suggestion-draw.ts';

/** Vectors that tell two classes apart as far as noise lets them; the third says nothing. */
function clips(noise: number) {
  const labels = Array.from({ length: 30 }, (_, i) => Uint8Array.from([0, 1], (c) => Number(i % 2 === c)));
  const vectors = labels.map((own, i) =>
    Float32Array.from([own[0] ?? 0, own[1] ?? 0, 0], (value, k) => value + noise * Math.sin(37 * i + 11 * k * k + 1)),
  );
  return { classes: ['a', 'b'], vectors, labels, sites: labels.map(() => null) };
}

it('says how many of the others are right, and is better where vectors tell classes apart, and with more labels', async () => {
  const options = { draws: 2, seed: 1 };
  const clear = await evaluateSuggestions(clips(0), { ...options, labelledAClass: 1 });
  expect(clear).toEqual({ labelledAClass: 1, draws: 2, labelled: 2, tested: 28, accuracy: 1, standardError: 0 });
  const few = await evaluateSuggestions(clips(1.2), { ...options, labelledAClass: 1 });
  const more = await evaluateSuggestions(clips(1.2), { ...options, labelledAClass: 8 });
  expect(few.accuracy).toBeLessThan(more.accuracy);
  expect(more.accuracy).toBeLessThan(1);
});

it('by site tests on clips of sites that nobody has labelled a clip of, and draws the same clips', () => {
  const { classes, labels } = clips(0);
  const sites = labels.map((_, i) => `site ${Math.floor(i / 5)}`);
  const [apart, together] = [sites, sites.map(() => null)].map((of) =>
    drawLabelled({ classes, labels, sites: of }, 2, 1, 0),
  );
  expect(apart?.labelled).toEqual(together?.labelled);
  expect(together?.tested).toHaveLength(26);
  const known = new Set(apart?.labelled.map((row) => sites[row]));
  expect(apart?.tested).toEqual([...labels.keys()].filter((row) => !known.has(sites[row])));
});
