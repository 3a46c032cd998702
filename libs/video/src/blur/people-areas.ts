import type { ClipSightings, Sighting } from '@primatrix/contracts';

/** A part of a picture, its sides as shares of width and height, 0 to 1. */
export interface BlurArea {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where people are on a frame, by its index from 0; empty where none was seen. */
export type PeopleAreas = (frame: number) => readonly BlurArea[];

/** All of a picture: for frames on which somebody is, and nobody knows where. */
export const wholePicture: BlurArea = { left: 0, top: 0, right: 1, bottom: 1 };
/** Boxes end at the skin, or before: hair, hands and what a box of a second ago has not yet. Share of its sides. */
const margin = 0.2;
/** The least margin, a share of the picture: what is far away has small boxes, and moves out of them. */
const leastMargin = 0.02;

/** A person of so high a score is surely there, and what else was seen in that clip may be the same one, taken for an animal. */
const surely = 0.3;
/** Looks that a person who is surely there may have been missed, before and after: whoever turns or walks off is often not seen. */
const missed = 3;

type Look = Sighting['boxes'][number];

/**
 * Where people are in a clip that a detector looked at, however unsure it was; and all else that it saw, where it is surely one with a person,
 * since detectors call one and the same thing a person now and an animal then. Between two looks at a person it is all that both boxes
 * span; between a look with and one without that person the whole picture, as nobody knows where they went, and up to the third such look
 * where the person is surely there. Frames that lie further behind
 * the last look than looks are apart were not looked at: the whole picture, too.
 */
export function peopleAreas({ looks, sightings }: ClipSightings): PeopleAreas {
  const order = looks.toSorted((a, b) => a - b);
  const sure = sightings.some(({ group, score }) => group === 'person' && score >= surely);
  const people = sightings
    .filter(({ group, boxes }) => (sure || group === 'person') && boxes.length > 0)
    .map(({ boxes }) => trackOf(boxes, order, sure ? missed : 1));
  const last = order.at(-1) ?? -1;
  const apart = order.reduce((most, frame, i) => Math.max(most, frame - (order[i - 1] ?? frame)), 0);
  return (frame) => {
    if (apart > 0 && frame > last + apart) return [wholePicture];
    const areas = people.flatMap((areaAt) => areaAt(frame) ?? []);
    return areas.includes(wholePicture) ? [wholePicture] : areas;
  };
}

function trackOf(
  unsorted: readonly Look[],
  looks: readonly number[],
  hidden: number,
): (frame: number) => BlurArea | undefined {
  const boxes = unsorted.toSorted((a, b) => a.frame - b.frame);
  const [first, final] = [boxes[0] as Look, boxes.at(-1) as Look];
  const before = looks.filter((look) => look < first.frame).at(-hidden) ?? -1;
  const after = looks.filter((look) => look > final.frame)[hidden - 1] ?? Number.POSITIVE_INFINITY;
  return (frame) => {
    if (frame <= before || frame >= after) return undefined;
    if (frame < first.frame || frame > final.frame) return wholePicture;
    const next = boxes.findIndex((box) => box.frame >= frame);
    const [a, b] = [boxes[Math.max(0, next - 1)] as Look, boxes[next] as Look];
    return b.frame === frame ? spanOf([b]) : spanOf([a, b]);
  };
}

/** The smallest area with all boxes in it, and its margin. */
function spanOf(looks: readonly Look[]): BlurArea {
  const left = Math.min(...looks.map(({ box: [x] }) => x));
  const top = Math.min(...looks.map(({ box: [, y] }) => y));
  const right = Math.max(...looks.map(({ box: [x, , width] }) => x + width));
  const bottom = Math.max(...looks.map(({ box: [, y, , height] }) => y + height));
  const [beside, above] = [right - left, bottom - top].map((side) => Math.max(leastMargin, margin * side)) as [
    number,
    number,
  ];
  return {
    left: Math.max(0, left - beside),
    top: Math.max(0, top - above),
    right: Math.min(1, right + beside),
    bottom: Math.min(1, bottom + above),
  };
}
