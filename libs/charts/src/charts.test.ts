import { describe, expect, it } from 'vitest';
import { barChart, cellChart, columnChart, placeMap, shortened, spanChart, standaloneSvg } from './index.ts';

const day = 86_400_000;
const charts = {
  bars: barChart([{ label: '<b>&"\'', value: 3, text: '3', href: '#/?site=%3Cb%3E' }], { title: 'a "title"' }),
  columns: columnChart([{ label: '0', value: 7, text: '7 clips', href: '#/?hour=0' }], {
    ...{ title: 'hours', xLabel: 'Hour', yLabel: 'Clips' },
  }),
  cells: cellChart(['hog'], ['ridge'], [{ row: 0, column: 0, value: 4, href: '#/' }], { title: 'species' }),
  spans: spanChart(
    [
      {
        label: 'ridge',
        spans: [
          { from: 0, to: day },
          { from: 3 * day, to: 4 * day },
        ],
      },
    ],
    { title: 'effort' },
  ),
  map: placeMap([{ label: 'ridge', latitude: -1.5, longitude: 30, value: 2 }], { title: 'map' }),
  'empty spans': spanChart([], { title: 'effort' }),
  'empty bars': barChart([], { title: 'none' }),
};

describe.each(Object.entries(charts))('%s', (_, chart) => {
  it('is well-formed, has no number that is none, and stands alone without links and colours of a page', () => {
    expect(chart.markup).not.toMatch(/NaN|Infinity|undefined/);
    const alone = standaloneSvg(chart);
    expect(alone).not.toMatch(/<a |var\(/);
    const open: string[] = [];
    for (const [, end, name = '', closed] of alone.replace(/<\?.*\?>/, '').matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>/g)) {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (closed === '') open.push(name);
    }
    expect(open).toEqual([]);
  });
});

it('escapes what data say, and keeps where they lead', () => {
  expect(charts.bars.markup).toContain('&lt;b&gt;&amp;&quot;&#39;');
  expect(charts.bars.markup).toContain('href="#/?site=%3Cb%3E"');
});

it('draws a longer bar for more, and places further north above', () => {
  const [short, long] = [1, 2].map((value) => {
    const bars = [value, 2].map((one) => ({ label: 'x', value: one, text: '' }));
    return Number(
      /height="18" fill="var\(--brand[^>]*|width="(\d+)" height="18" fill="var\(--brand/.exec(
        barChart(bars, { title: '' }).markup,
      )?.[1],
    );
  });
  expect(short).toBeLessThan(long as number);
  const map = placeMap(
    [
      { label: 'north', latitude: 1, longitude: 0, value: 1 },
      { label: 'south', latitude: 0, longitude: 0, value: 1 },
    ],
    { title: 'map' },
  );
  const [north, south] = [...map.markup.matchAll(/cy="([\d.]+)"/g)].map(([, y]) => Number(y));
  expect(north).toBeLessThan(south as number);
});

it('writes the days of an axis as it is told to', () => {
  const rows = [{ label: 'ridge', spans: [{ from: 0, to: 2 * day }] }];
  expect(spanChart(rows, { title: '' }).markup).toContain('>1970-01-03<');
  const french = spanChart(rows, { title: '', date: (iso) => iso.split('-').reverse().join('/') }).markup;
  expect(french).toContain('>03/01/1970<');
  expect(french).not.toContain('1970-');
});

it('cuts names in their middle, between characters', () => {
  expect(shortened('short', 5)).toBe('short');
  expect(shortened('net-vgg16-gru / elephant', 11)).toBe('net-v…phant');
  expect([...shortened('🦁'.repeat(40), 9)]).toEqual(['🦁', '🦁', '🦁', '🦁', '…', '🦁', '🦁', '🦁', '🦁']);
});
