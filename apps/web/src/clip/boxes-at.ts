import type { ClipDetail } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { speciesName } from '../shell/words.ts';

type Seen = NonNullable<ClipDetail['seen']>;
type Sighting = Seen['sightings'][number];

/** Where something is at one moment: left, top, width and height as shares of the picture. */
export interface ShownBox {
  readonly box: readonly [number, number, number, number];
  readonly group: Sighting['group'];
  readonly says: string;
}

/**
 * The boxes at a frame, which need not be one that the detector was given: between two of those a box moves evenly, and
 * before the first and after the last one it stays for half the way to the next.
 * @param frame from 0, with parts; in pictures 0
 * @param classes of the project, see {@link sayOf}
 */
export function boxesAt({ looks, sightings }: Seen, frame: number, classes: readonly string[]): ShownBox[] {
  const step = looks.length < 2 ? 1 : ((looks.at(-1) ?? 0) - (looks[0] ?? 0)) / (looks.length - 1);
  return sightings.flatMap((sighting) => {
    const box = boxOf(sighting, frame, step / 2);
    return box === undefined ? [] : [{ box, group: sighting.group, says: sayOf(sighting, classes) }];
  });
}

/**
 * `animal 87 %`, or `leopard 87 %` where a classifier looked, whose names are classes of the project. A detector's own
 * word (a gorilla is a bear to it) is not told.
 */
export function sayOf({ group, name, score }: Sighting, classes: readonly string[]): string {
  return `${speciesName(classes.includes(name) ? name : group)} ${say.units.percent(String(Math.round(score * 100)))}`;
}

function boxOf({ boxes }: Sighting, frame: number, margin: number): ShownBox['box'] | undefined {
  const after = boxes.findIndex((box) => box.frame >= frame);
  const next = boxes[after < 0 ? boxes.length - 1 : after];
  const before = after < 0 ? next : boxes[after - 1];
  if (next === undefined) return undefined;
  if (after < 0) return frame - next.frame <= margin ? next.box : undefined;
  if (before === undefined) return next.frame - frame <= margin ? next.box : undefined;
  const share = (frame - before.frame) / (next.frame - before.frame);
  const between = (i: 0 | 1 | 2 | 3) => before.box[i] + (next.box[i] - before.box[i]) * share;
  return [between(0), between(1), between(2), between(3)];
}
