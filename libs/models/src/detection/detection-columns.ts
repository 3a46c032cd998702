import { labelGroups, type Label, type LabelGroup } from '../folder/labels.ts';
import { areaOf } from './box.ts';
import type { Detection } from './detection.ts';
import type { Track } from './track.ts';

/** Scores from here on count as seen: below, small detectors see something nearly everywhere. */
const seenFrom = 0.3;

/** Groups that a detector's boxes speak of: of a blank there is none, and of other things nobody asks. */
export const shownGroups = ['animal', 'person', 'vehicle'] as const satisfies readonly LabelGroup[];

/**
 * What a detector saw in a clip, by group: `<group>_score` highest score, `_tracks` mean of the tracks' best scores, `_share` share of
 * looks with a score of 0.3 or more, `_area` and `_mean_area` largest and mean share of the picture, `_path` way of the tracks in
 * diagonals of the picture a second, `_most` highest number at once, `_first` seconds to the first sight. Of a group that has no box
 * scores, shares and numbers are 0 and the others NaN, which is missing; of one that the model does not know all are left out.
 * @param fps frames a second; null where unknown: ways and times are then missing
 */
export function detectionColumns(
  tracks: readonly Track[],
  looks: readonly number[],
  labels: readonly Label[],
  fps: number | null,
): Record<string, number> {
  const known = new Set(labels.map(({ group }) => group));
  const groupOf = (box: Detection) => (labels[box.label] as Label).group;
  const row: Record<string, number> = {};
  for (const group of shownGroups) {
    if (!known.has(group)) continue;
    const boxes = tracks.flatMap((track) => track.boxes.filter((box) => groupOf(box) === group));
    const own = tracks.filter((track) => groupOfTrack(track, labels) === group);
    const seen = boxes.filter(({ score }) => score >= seenFrom);
    const areas = boxes.map(areaOf);
    const bests = own.map(({ boxes: all }) => Math.max(...all.map(({ score }) => score)));
    row[`${group}_score`] = Math.max(0, ...boxes.map(({ score }) => score));
    row[`${group}_tracks`] = bests.length === 0 ? 0 : meanOf(bests);
    row[`${group}_share`] = looks.length === 0 ? 0 : new Set(seen.map(({ frame }) => frame)).size / looks.length;
    row[`${group}_area`] = areas.length === 0 ? Number.NaN : Math.max(...areas);
    row[`${group}_mean_area`] = areas.length === 0 ? Number.NaN : meanOf(areas);
    row[`${group}_path`] = pathASecond(own, looks, fps);
    row[`${group}_most`] = mostAtOnce(seen);
    row[`${group}_first`] =
      seen.length === 0 || fps === null ? Number.NaN : Math.min(...seen.map(({ frame }) => frame)) / fps;
  }
  return row;
}

/** The group for which a track's scores speak loudest; of equal ones the first of {@link labelGroups}. */
export function groupOfTrack({ boxes }: Track, labels: readonly Label[]): LabelGroup {
  const votes = new Map<LabelGroup, number>();
  for (const { label, score } of boxes) {
    const { group } = labels[label] as Label;
    votes.set(group, (votes.get(group) ?? 0) + score);
  }
  return labelGroups.toSorted((a, b) => (votes.get(b) ?? 0) - (votes.get(a) ?? 0))[0] as LabelGroup;
}

/** The highest number of boxes on one frame. */
export function mostAtOnce(boxes: readonly Detection[]): number {
  const counts = new Map<number, number>();
  for (const { frame } of boxes) counts.set(frame, (counts.get(frame) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function pathASecond(tracks: readonly Track[], looks: readonly number[], fps: number | null): number {
  const seconds = fps === null ? 0 : ((looks.at(-1) ?? 0) - (looks[0] ?? 0)) / fps;
  if (tracks.length === 0 || seconds <= 0) return Number.NaN;
  let way = 0;
  for (const { boxes } of tracks) {
    for (let i = 1; i < boxes.length; i++) {
      const [a, b] = [boxes[i - 1] as Detection, boxes[i] as Detection];
      way += Math.hypot((a.left + a.right - b.left - b.right) / 2, (a.top + a.bottom - b.top - b.bottom) / 2);
    }
  }
  return way / Math.SQRT2 / seconds;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
