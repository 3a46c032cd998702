import type { ClipSightings } from '@primatrix/contracts';
import { expect, it } from 'vitest';
import { peopleAreas, wholePicture } from './people-areas.ts';

type Box = readonly [frame: number, left: number, top: number, width: number, height: number];
const seen = (looks: number[], group: 'person' | 'animal', ...boxes: Box[]): ClipSightings => ({
  model: 'd 1',
  looks,
  sightings: [
    {
      ...{ group, name: group, score: 0.2, from: 0, to: 1 },
      boxes: boxes.map(([frame, ...box]) => ({ frame, box: [...box], score: 0.2 })),
    },
  ],
});
const looks = [0, 30, 60, 90, 120];

it('is the box with its margin where a look saw somebody, and nothing where looks before and after did not', () => {
  const areaAt = peopleAreas(seen(looks, 'person', [60, 0.4, 0.4, 0.2, 0.1]));
  expect(areaAt(60)).toEqual([
    {
      left: expect.closeTo(0.36, 6),
      top: expect.closeTo(0.38, 6),
      right: expect.closeTo(0.64, 6),
      bottom: expect.closeTo(0.52, 6),
    },
  ]);
  for (const frame of [0, 29, 30, 90, 119, 150]) expect(areaAt(frame)).toEqual([]);
});

it('is the whole picture where somebody came or went, as nobody knows from where', () => {
  const areaAt = peopleAreas(seen(looks, 'person', [60, 0.4, 0.4, 0.2, 0.1]));
  for (const frame of [31, 59, 61, 89]) expect(areaAt(frame)).toEqual([wholePicture]);
  const first = peopleAreas(seen(looks, 'person', [0, 0.4, 0.4, 0.2, 0.1]));
  expect([first(1), first(30)]).toEqual([[wholePicture], []]);
  const last = peopleAreas(seen(looks, 'person', [120, 0.4, 0.4, 0.2, 0.1]));
  expect([last(120)[0]?.left, last(121), last(140)]).toEqual([expect.closeTo(0.36, 6), [wholePicture], [wholePicture]]);
});

it('between two looks at somebody spans both boxes, also over looks that missed them', () => {
  const areaAt = peopleAreas(seen(looks, 'person', [30, 0.1, 0.5, 0.1, 0.4], [90, 0.7, 0.5, 0.2, 0.4]));
  for (const frame of [31, 60, 89]) {
    expect(areaAt(frame)).toEqual([
      {
        left: 0,
        top: expect.closeTo(0.42, 6),
        right: 1,
        bottom: expect.closeTo(0.98, 6),
      },
    ]);
  }
  expect(areaAt(30)[0]?.right).toBeCloseTo(0.22, 6);
  expect(areaAt(90)[0]?.left).toBeCloseTo(0.66, 6);
});

it('where somebody surely is, takes all that was seen for people, and hides the looks that may have missed them', () => {
  const often = Array.from({ length: 12 }, (_, i) => i * 30);
  const [person] = seen(often, 'person', [120, 0.1, 0.1, 0.2, 0.2]).sightings;
  const [animal] = seen(often, 'animal', [300, 0.6, 0.6, 0.2, 0.2]).sightings;
  if (person === undefined || animal === undefined) throw new Error('nothing seen');
  const of = (score: number) => peopleAreas({ model: 'd 1', looks: often, sightings: [{ ...person, score }, animal] });
  const [sure, unsure] = [of(0.3), of(0.29)];
  for (const frame of [31, 60, 119, 121, 150, 209, 299]) expect(sure(frame)).toEqual([wholePicture]);
  expect([sure(30), sure(210).map(({ left }) => left)]).toEqual([[], []]);
  expect(sure(300).map(({ left }) => left)).toEqual([expect.closeTo(0.56, 6)]);
  expect([unsure(31), unsure(91), unsure(150), unsure(300)]).toEqual([[], [wholePicture], [], []]);
});

it('is nothing where only an animal was seen, and all where nobody looked', () => {
  const areaAt = peopleAreas(seen(looks, 'animal', [30, 0.1, 0.5, 0.1, 0.4]));
  expect([areaAt(30), areaAt(150), areaAt(151)]).toEqual([[], [], [wholePicture]]);
  // One look, as a still has it, says nothing of how far apart looks are.
  expect(peopleAreas(seen([0], 'animal'))(1)).toEqual([]);
});
