import { expect, it } from 'vitest';
import type { PictureInput } from '../folder/model-card.ts';
import { fitPicture, placementOf } from './fit-picture.ts';
import { pictureLength, writePicture } from './picture-tensor.ts';

const input: PictureInput = {
  name: 'x',
  size: [416, 416],
  layout: 'nchw',
  channels: 'rgb',
  values: '0..255',
  fit: { kind: 'letterbox', place: 'top-left', round: 'floor', pad: 114, padding: 'before' },
  interpolation: 'bilinear',
  batch: 1,
};
const centred: PictureInput['fit'] = { kind: 'letterbox', place: 'centre', round: 'round', pad: 0.5, padding: 'after' };

it('places a letterbox as YOLOX does, with its products that fall short of a whole number', () => {
  expect(placementOf({ width: 720, height: 404 }, input)).toEqual({ left: 0, top: 0, width: 415, height: 233 });
  expect(placementOf({ width: 672, height: 224 }, input)).toEqual({ left: 0, top: 0, width: 416, height: 138 });
});

it('places a centred letterbox with half of the rest before it', () => {
  expect(placementOf({ width: 672, height: 224 }, { ...input, fit: centred })).toEqual({
    left: 0,
    top: 138,
    width: 416,
    height: 139,
  });
});

it('cuts the centre out of what was resized by its shorter side', () => {
  const fit = { kind: 'shorter-side', shorter: 256 } as const;
  expect(placementOf({ width: 640, height: 360 }, { size: [224, 224], fit })).toEqual({
    left: -115,
    top: -16,
    width: 455,
    height: 256,
  });
});

it('writes layouts, orders of colours and fillings', () => {
  const red = { width: 2, height: 1, data: Uint8Array.from([255, 0, 51, 255, 0, 51]) };
  const written = (rest: Partial<PictureInput>) => {
    const all: PictureInput = { ...input, size: [2, 2], ...rest };
    const out = new Float32Array(pictureLength(all));
    writePicture(fitPicture(red, all), all, out);
    return [...out].map((value) => Math.round(value * 1000) / 1000);
  };
  expect(written({})).toEqual([255, 255, 114, 114, 0, 0, 114, 114, 51, 51, 114, 114]);
  expect(written({ channels: 'bgr' })).toEqual([51, 51, 114, 114, 0, 0, 114, 114, 255, 255, 114, 114]);
  expect(written({ layout: 'nhwc', values: '0..1' })).toEqual([
    1,
    0,
    0.2,
    1,
    0,
    0.2,
    ...Array.from({ length: 6 }, () => 0.447),
  ]);
  expect(written({ values: '-1..1', fit: { ...centred } }).slice(0, 4)).toEqual([1, 1, 0.5, 0.5]);
  const values = { mean: [0.5, 0, 0.2], deviation: [0.5, 1, 0.1] } as const;
  expect(
    written({ values: { mean: [...values.mean], deviation: [...values.deviation] }, fit: { kind: 'stretch' } }),
  ).toEqual([...[1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]]);
});
