import { skipConfidence } from '@primatrix/metrics';
import type { ReportThresholds } from '@primatrix/report';
import { readEnsembleThresholds } from '../ensemble/ensemble-files.ts';
import type { ScoredMember } from './scored-members.ts';

/** Thresholds for skipping clips, and the curve that they are on; a sentence where there are none. */
export async function reportThresholds(artifacts: string, ensemble: ScoredMember): Promise<ReportThresholds | string> {
  const { answers, note } = await readEnsembleThresholds(artifacts);
  const [first] = answers;
  if (first === undefined) return `No thresholds: ${note}`;
  const { blank, people } = first;
  return {
    ...{ blank, people, confidence: skipConfidence },
    curve: skipCurve(ensemble, blank, people),
    targets: answers.flatMap((answer) =>
      (['plain', 'careful'] as const).map((kind) => {
        const { threshold, skipped, animals } = answer[kind];
        return {
          ...{ maxLost: answer.lose, kind, threshold, lostUpperBound: animals.upperBound },
          skipped: { value: skipped.share, error: skipped.standardError },
          lost: { value: animals.share, error: animals.standardError },
        };
      }),
    ),
  };
}

/** What is skipped and lost at every threshold, by falling threshold: from nothing to everything. */
function skipCurve(
  { classes, predictions, labels }: ScoredMember,
  blank: string,
  people: readonly string[],
): ReportThresholds['curve'] {
  const width = classes.length;
  const rows = labels.length / width;
  const at = classes.indexOf(blank);
  const isAnimal = classes.map((name) => name !== blank && !people.includes(name));
  const clips = Array.from({ length: rows }, (_, row) => ({
    p: predictions[row * width + at] ?? 0,
    animal: isAnimal.some((is, c) => is && labels[row * width + c] === 1),
  })).sort((a, b) => b.p - a.p);
  const animals = Math.max(1, clips.filter(({ animal }) => animal).length);
  let lost = 0;
  const points = clips.map(({ p, animal }, i) => ({
    threshold: p,
    skipped: (i + 1) / rows,
    lost: (lost += animal ? 1 : 0) / animals,
  }));
  // Of clips with one probability all are skipped, or none.
  return points.filter(({ threshold }, i) => points[i + 1]?.threshold !== threshold);
}
