import { describe, expect, it } from 'vitest';
import { renderReport } from './render-report.ts';
import type { ReportData } from './report-data.ts';

const data: ReportData = {
  dataset: { name: 'a <b> & "c"', digest: 'd1' },
  profile: 'laptop',
  folds: 2,
  seed: 1,
  classes: ['blank', 'duiker'],
  clips: { labelled: 4, test: 2, other: 0 },
  warnings: ['vgg16: UNTRAINED'],
  members: [
    { name: 'net', kind: 'net', logLoss: 0.5, accuracy: 0.75, weight: 0.5 },
    { name: 'ensemble', kind: 'ensemble', logLoss: 0.25, accuracy: 1, weight: null },
  ],
  confusion: [[2, 0], [1, 1]],
  curves: [{ net: 'net', folds: [{ fold: 1, epochs: [{ epoch: 1, loss: 0.7, validLoss: 0.8 }, { epoch: 2, loss: 0.4, validLoss: 0.6 }] }] }],
  faults: [{ filename: 'bad.mp4', status: 'failed', reason: 'not media' }],
  versions: [{ name: 'net', version: '0.1.0', note: '' }],
};

describe('renderReport', () => {
  const page = renderReport(data);

  it('needs nothing from outside', () => {
    expect(page).not.toMatch(/<script|https?:|@import|url\(/);
  });

  it('escapes what comes from users', () => {
    expect(page).toContain('a &lt;b&gt; &amp; &quot;c&quot;');
  });

  it('shows warnings, marks the best line and draws every fold', () => {
    expect(page).toContain('UNTRAINED');
    expect(page).toMatch(/class="best"><th>ensemble/);
    expect(page.match(/class="valid"/g)).toHaveLength(1);
  });
});
