import type { Estimate, ReportData, ReportMember } from '@primatrix/report';

/** Names that break pages which do not escape, or do not wrap. */
export const hostileNames = [
  `<script>document.title='broken'</script>`,
  `"><img src=x onerror="document.title='broken'">`,
  `it's "quoted" & <b>bold</b>`,
  `</style></title><h1>out</h1>`,
  'a'.repeat(240),
  'two words '.repeat(30).trim(),
  '豹',
  'فهد \u202Egpj.4pm',
  '🦁👩‍👩‍👧',
  '../../etc/passwd',
  'tab\tnew\nline',
  `null\0byte \ud800 half`,
  '${7*7} {{7*7}}',
];

const estimate = (value: number, error: number | null): Estimate => ({ value, error });

/**
 * A report of made-up numbers whose names are hostile: to see that a page holds whatever comes.
 * @param classes number of classes
 */
export function hostileReport(classes: number): ReportData {
  const nameOf = (i: number) => `${hostileNames[i % hostileNames.length]}${i < hostileNames.length ? '' : ` ${i}`}`;
  const names = Array.from({ length: classes }, (_, i) => nameOf(i));
  const member = (name: string, kind: ReportMember['kind'], loss: number): ReportMember => ({
    ...{
      name,
      kind,
      clips: 3000,
      logLoss: estimate(loss, 0.01),
      accuracy: estimate(1 - loss, null),
      top3: classes > 3 ? 1 - loss / 2 : null,
      weight: kind === 'stacker' ? 0.5 : null,
    },
    averagePrecision: names.map((_, i) => (i === 3 ? null : 1 - (i % 7) * loss * 0.2)),
  });
  const bins = Array.from({ length: 10 }, (_, i) => ({
    from: i / 10,
    to: (i + 1) / 10,
    count: i === 4 ? 0 : 10 ** (4 - i / 3),
    meanPredicted: i === 4 ? null : i / 10 + 0.05,
    observed: i === 4 ? null : (i / 10) ** 1.5,
  }));
  const curve = { bins, expectedCalibrationError: 0.031 };
  return {
    dataset: { name: hostileNames[0] as string, digest: '0'.repeat(64) },
    ...{
      profile: 'competition',
      folds: 5,
      seed: 7,
      classes: names,
      siteCount: 60,
      shareLogLoss: 0.4,
      mistakeCount: 1234,
      peopleBlurred: true,
    },
    positives: names.map((_, i) => 13 * i),
    clips: { labelled: 200_000, test: 87_000, other: 1 },
    untrained: [
      {
        feature: hostileNames[1] as string,
        note: 'UNTRAINED: drawn at random',
        readBy: [hostileNames[2] as string, hostileNames[4] as string],
      },
    ],
    warnings: [hostileNames[3] as string, hostileNames[4] as string],
    members: [
      member('ensemble', 'ensemble', 0.1),
      member(hostileNames[1] as string, 'stacker', 0.12),
      ...Array.from({ length: 8 }, (_, i) => member(`${hostileNames[4]}-${i}`, 'net', 0.2 + i / 20)),
    ],
    curves: [
      {
        net: hostileNames[3] as string,
        folds: [1, 2, 3, 4, 5].map((fold) => ({
          fold,
          epochs: Array.from({ length: 2000 }, (_, i) => ({
            epoch: i + 1,
            loss: 1 / (i + 2),
            validLoss: 0.2 + fold / 50 + Math.abs(900 - i) / 4000,
          })),
        })),
      },
    ],
    confusion: names.map((_, i) =>
      names.map((_name, j) => (i === j ? 4000 + i : (i * 7 + j * 3) % 5 === 0 ? i + j : 0)),
    ),
    reliability: {
      curves: ['without calibration', 'isotonic', hostileNames[5] as string].map((name, i) => ({
        name,
        applied: i === 1,
        logLoss: 0.1,
        curve,
      })),
      perClass: names.map((name) => ({ name, meanPredicted: 0.1, observed: 0.2, expectedCalibrationError: 0.03 })),
    },
    importance: [1, 2].map((i) => ({
      member: `${hostileNames[4]}-${i}`,
      sources: hostileNames.map((source) => ({ source, columns: 9, share: 1 / hostileNames.length })),
      columns: hostileNames.map((source, rank) => ({ source, column: nameOf(rank + 1), share: 0.2 / (rank + 1) })),
    })),
    mistakes: hostileNames.map((filename, i) => ({
      ...{
        filename,
        labels: i === 0 ? [] : [nameOf(i), nameOf(i + 1)],
        predicted: nameOf(i + 2),
        probability: 1 - i / 20,
        labelProbability: i === 0 ? null : i / 40,
      },
      ...{ site: i % 2 === 0 ? nameOf(i) : null, thumbnail: null },
    })),
    sites: Array.from({ length: 60 }, (_, i) => ({
      site: nameOf(i),
      clips: 5 + i,
      logLoss: i / 100,
      accuracy: 1 - i / 100,
    })),
    siteCheck: {
      ...{
        grouped: { logLoss: estimate(0.3, 0.02), accuracy: estimate(0.6, 0.03) },
        random: { logLoss: estimate(0.2, 0.02), accuracy: estimate(0.8, null) },
        difference: { logLoss: estimate(-0.1, 0.01), accuracy: estimate(0.2, 0.02) },
      },
      ...{
        clips: 2000,
        sites: 60,
        columns: 9000,
        folds: 5,
        model: hostileNames[1] as string,
        settings: `{"x":"${hostileNames[0]}"}`,
      },
    },
    thresholds: {
      ...{ blank: names[0] as string, people: [nameOf(1)], confidence: 0.95 },
      curve: Array.from({ length: 3000 }, (_, i) => ({
        threshold: 1 - i / 3000,
        skipped: (i + 1) / 3000,
        lost: ((i + 1) / 3000) ** 4,
      })),
      targets: [0.01, 0.05].flatMap((maxLost) =>
        (['plain', 'careful'] as const).map((kind) => ({
          maxLost,
          kind,
          threshold: kind === 'plain' ? 0.7 : null,
          skipped: estimate(kind === 'plain' ? maxLost ** 0.25 : 0, 0.02),
          lost: estimate(kind === 'plain' ? maxLost : 0, null),
          lostUpperBound: 2 * maxLost,
        })),
      ),
    },
    faults: hostileNames.map((filename, i) => ({
      filename,
      status: i % 2 === 0 ? 'failed' : 'degraded',
      reason: hostileNames[(i + 4) % hostileNames.length] as string,
    })),
    versions: [{ name: hostileNames[4] as string, version: '1.0.0-very.long.tag', note: hostileNames[5] as string }],
    digests: [{ name: 'dataset', digest: '0'.repeat(64), note: hostileNames[0] as string }],
  };
}
