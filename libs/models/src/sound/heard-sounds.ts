import type { ClipHeard } from '@primatrix/contracts';
import type { Label } from '../folder/labels.ts';

/** Windows of lower scores are no sound worth telling. */
const heardFrom = 0.1;
/** Of hundreds of classes so many are told, the surest. */
const mostSounds = 10;

/**
 * What was heard in a clip: the ten surest sounds of 0.1 and more, each with the windows in which it was.
 * @param rows [windows][classes], 0 to 1
 * @param times seconds of each window, in order
 */
export function heardSounds(
  rows: readonly Float32Array[],
  times: readonly { readonly from: number; readonly to: number }[],
  labels: readonly Label[],
): ClipHeard['sounds'] {
  return labels
    .flatMap(({ name }, label) => {
      const scores = rows.map((row) => row[label] as number);
      const score = Math.max(0, ...scores);
      if (score < heardFrom) return [];
      return [
        { name, score: places(score), times: joined(times.filter((_, i) => (scores[i] as number) >= heardFrom)) },
      ];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, mostSounds);
}

/** Windows that touch or overlap as one. */
function joined(windows: readonly { readonly from: number; readonly to: number }[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of windows) {
    const last = found.at(-1);
    if (last !== undefined && places(from) <= last.to) last.to = Math.max(last.to, places(to));
    else found.push({ from: places(from), to: places(to) });
  }
  return found;
}

function places(value: number): number {
  return Math.round(value * 1000) / 1000;
}
