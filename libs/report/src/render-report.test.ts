import { describe, expect, it } from 'vitest';
import { renderReport } from './render-report.ts';
import type { ReportData, ReportMember } from './report-data.ts';

const member = (name: string, kind: ReportMember['kind'], logLoss: number): ReportMember => ({
  ...{
    name,
    kind,
    clips: 4,
    logLoss: { value: logLoss, error: 0.01 },
    accuracy: { value: 1 - logLoss, error: null },
    top3: null,
    averagePrecision: [1, null],
    weight: null,
  },
});
const curve = {
  bins: [
    { from: 0, to: 0.5, count: 3, meanPredicted: 0.2, observed: 0 },
    { from: 0.5, to: 1, count: 0, meanPredicted: null, observed: null },
  ],
  expectedCalibrationError: 0.2,
};
const scores = { logLoss: { value: 0.4, error: 0.1 }, accuracy: { value: 0.8, error: null } };

const data: ReportData = {
  dataset: { name: 'a <b> & "c"', digest: 'd1' },
  ...{
    profile: 'laptop',
    folds: 2,
    seed: 1,
    classes: ['blank', 'duiker'],
    positives: [2, 2],
    siteCount: 2,
    shareLogLoss: 0.69,
    mistakeCount: 1,
    peopleBlurred: false,
  },
  clips: { labelled: 4, test: 2, other: 0 },
  untrained: [{ feature: 'vgg16', note: 'UNTRAINED: drawn', readBy: ['net'] }],
  warnings: ['a net was left out'],
  members: [member('ensemble', 'ensemble', 0.25), member('net', 'net', 0.5)],
  curves: [
    {
      net: 'net',
      folds: [
        {
          fold: 1,
          epochs: Array.from({ length: 1000 }, (_, i) => ({
            epoch: i + 1,
            loss: 0.7,
            validLoss: i === 777 ? 0.1 : 0.8,
          })),
        },
      ],
    },
  ],
  confusion: [
    [2, 0],
    [1, 1],
  ],
  reliability: {
    curves: [{ name: 'without calibration', applied: true, logLoss: 0.25, curve }],
    perClass: [{ name: 'blank', meanPredicted: 0.5, observed: 0.5, expectedCalibrationError: 0 }],
  },
  importance: [
    {
      member: 'trees',
      sources: [{ source: 'net', columns: 2, share: 1 }],
      columns: [{ source: 'net', column: 'duiker', share: 0.7 }],
    },
  ],
  mistakes: [
    {
      filename: 'c1.mp4',
      labels: ['duiker'],
      predicted: 'blank',
      probability: 0.9,
      labelProbability: 0.1,
      site: 's1',
      thumbnail: Uint8Array.of(255, 216, 255),
    },
  ],
  sites: [
    { site: 's1', clips: 2, logLoss: 0.3, accuracy: 0.5 },
    { site: 's2', clips: 2, logLoss: 0.2, accuracy: 1 },
  ],
  siteCheck: {
    grouped: scores,
    random: scores,
    difference: scores,
    clips: 4,
    sites: 2,
    columns: 9,
    folds: 2,
    model: 'trees 1.0.0',
    settings: '{}',
  },
  thresholds: 'There is no class "blank".',
  faults: [{ filename: 'bad.mp4', status: 'failed', reason: 'not media' }],
  versions: [{ name: 'net', version: '0.1.0', note: '' }],
  digests: [{ name: 'dataset', digest: 'd1', note: '' }],
};
const page = renderReport(data);

describe('renderReport', () => {
  it('needs nothing from outside, and forbids it', () => {
    expect(page).not.toMatch(/https?:|@import|url\(|<link/);
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:/);
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  it('escapes what comes from users', () => {
    expect(page).toContain('a &lt;b&gt; &amp; &quot;c&quot;');
  });

  it('says loudly what is untrained, and marks the best line', () => {
    expect(page).toMatch(/class="warning loud"[^>]*><b>vgg16: UNTRAINED/);
    expect(page).toMatch(/class="best"><th scope="row"><bdi>ensemble/);
    expect(page).toContain('0.2500 ± 0.0100');
  });

  it('thins long curves, but keeps the epoch whose weights were kept', () => {
    const path = /class="valid" d="(M[^"]{50,})"/.exec(page)?.[1] ?? '';
    expect(path.split('L').length).toBeLessThan(170);
    expect(page).toContain('lowest validation loss 0.1000 at epoch 778');
    const kept = /class="kept" cx="([\d.]+)" cy="([\d.]+)"/.exec(page);
    expect(path).toContain(`${kept?.[1]} ${kept?.[2]}`);
  });

  it('gives each figure a title, a description and its numbers', () => {
    const figures = page.split('<figure>').slice(1);
    expect(figures).toHaveLength(4);
    for (const figure of figures) {
      expect(figure).toMatch(
        /role="img" aria-labelledby="(.*)-title" aria-describedby="\1-desc">\n<title id="\1-title">.+<\/title><desc id="\1-desc">.+<\/desc>[^]*<details>[^]*<td/,
      );
    }
  });

  it('puts thumbnails into the page, and says what has none', () => {
    expect(page).toContain('src="data:image/jpeg;base64,/9j/"');
    expect(
      renderReport({ ...data, mistakes: data.mistakes.map((mistake) => ({ ...mistake, thumbnail: null })) }),
    ).toContain('no picture');
  });

  it('says why there is nothing to compare or to skip', () => {
    const alone = renderReport({ ...data, siteCheck: 'No sites are known here.', sites: [], siteCount: 0 });
    expect(alone).toContain('<p>No sites are known here.</p>');
    expect(alone).not.toContain('site leakage');
    expect(page).toContain('There is no class &quot;blank&quot;.');
  });
});
