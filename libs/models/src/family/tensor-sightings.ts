import type { ClipSightings, Tensor } from '@primatrix/contracts';
import type { Detection } from '../detection/detection.ts';
import { groupOfTrack, shownGroups } from '../detection/detection-columns.ts';
import { linkTracks } from '../detection/track.ts';
import type { DetectorFolder } from '../folder/model-folder.ts';

/**
 * What a detector saw of a clip, by the tensor that it made of it: tracks and their boxes, without times.
 * @param tensor [looks, boxes, 7]: frame, left, top, right, bottom (shares of the picture), score, class; class -1 is none
 * @param iou see the model's card
 */
export function sightingsOfTensor(
  { shape, data }: Pick<Tensor, 'shape' | 'data'>,
  { card, labels }: DetectorFolder,
  iou: number,
): ClipSightings {
  const [rows = 0, boxes = 0, width = 7] = shape;
  const numbers = Array.from(data as ArrayLike<number>);
  const looks: number[] = [];
  const detections: Detection[] = [];
  for (let row = 0; row < rows; row++) {
    const at = row * boxes * width;
    looks.push(numbers[at] ?? 0);
    for (let box = 0; box < boxes; box++) {
      const [frame = 0, left = 0, top = 0, right = 0, bottom = 0, score = 0, label = -1] = numbers.slice(
        at + box * width,
        at + (box + 1) * width,
      );
      if (label >= 0) detections.push({ frame, left, top, right, bottom, score, label });
    }
  }
  const sightings = linkTracks(detections, looks, iou).flatMap((track) => {
    const group = groupOfTrack(track, labels);
    const shown = shownGroups.find((known) => known === group);
    if (shown === undefined) return [];
    return [
      {
        ...{ group: shown, name: group, from: null, to: null },
        score: Math.max(...track.boxes.map(({ score }) => score)),
        boxes: track.boxes.map(({ frame, left, top, right, bottom, score }) => ({
          frame,
          box: [left, top, right - left, bottom - top] as [number, number, number, number],
          score,
        })),
      },
    ];
  });
  return { model: `${card.name} ${card.version}`, looks, sightings };
}
