import { expect, it } from 'vitest';
import type { ReportThresholds } from './report-data.ts';
import { thresholdCurve, thresholdTable } from './threshold-curve.ts';

const target = (
  maxLost: number,
  threshold: number | null,
  skipped: number,
  lost: number,
): ReportThresholds['targets'][number] => ({
  ...{ maxLost, kind: 'plain', threshold, lostUpperBound: 2 * maxLost },
  skipped: { value: skipped, error: 0.05 },
  lost: { value: lost, error: null },
});
const thresholds: ReportThresholds = {
  ...{ blank: 'blank', people: [], confidence: 0.95 },
  curve: Array.from({ length: 1000 }, (_, i) => ({
    threshold: 1 - i / 1000,
    skipped: i / 1000,
    lost: (i / 1000) ** 2,
  })),
  targets: [
    target(0.01, 0.9, 0.1, 0.01),
    target(0.02, 0.9, 0.1, 0.01),
    target(0.05, null, 0, 0),
    target(0.1, 0.7, 0.3, 0.09),
  ],
};

it('numbers the targets where they lie: those of one threshold together, those without one not at all', () => {
  const marks = [...thresholdCurve(thresholds).markup.matchAll(/class="mark" x="([\d.]+)"[^>]*>([^<]*)</g)].map(
    ([, x, text]) => ({ x: Number(x), text }),
  );
  expect(marks.map(({ text }) => text)).toEqual(['1, 2', '4']);
  // The axis begins at 50: a mark does not hide its ticks.
  expect(marks[0]?.x).toBeGreaterThanOrEqual(60);
});

it('shows no losses that nobody asked for', () => {
  const path = /class="s0"><path d="([^"]*)"/.exec(thresholdCurve(thresholds).markup)?.[1] ?? '';
  const shown = path.split('L').length;
  // Of 1000 points those that lose 0.2 at most, thinned to 200 or so.
  expect(shown).toBeGreaterThan(100);
  expect(shown).toBeLessThan(203);
});

it('takes a curve with a point for each of 200,000 clips', () => {
  const clips = 200_000;
  const curve = Array.from({ length: clips }, (_, i) => ({
    ...{ threshold: 1 - i / clips, skipped: (i + 1) / clips },
    lost: Math.max(0, i / clips - 0.8),
  }));
  // Of no curve are more points worth a pixel.
  expect(thresholdCurve({ ...thresholds, curve }).markup.length).toBeLessThan(20_000);
});

it('lists every target, with none where no threshold keeps it', () => {
  const rows = thresholdTable(thresholds).markup.split('<tr class="">').slice(1);
  expect(rows).toHaveLength(4);
  expect(rows[2]).toContain('none');
  expect(rows[0]).toContain('10.0 % ± 5.0 %');
});
