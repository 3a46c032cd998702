import { expect, it } from 'vitest';
import { paceOf } from './frame-rate.ts';

const stream = { index: 0, time_base: '1/1000', avg_frame_rate: '10/1', r_frame_rate: '10/1' };
const every = (ms: number, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ pts: from + i * ms }));

it('takes what the container states where the pictures agree', () => {
  expect(paceOf(stream, every(100, 30), 3, 30)).toEqual({ fps: 10, durationSeconds: 3 });
  const ntsc = { ...stream, avg_frame_rate: '30000/1001', r_frame_rate: '30000/1001' };
  expect(paceOf(ntsc, every(33.366, 90), 3.003, 90).fps).toBeCloseTo(29.97, 2);
  // A time lapse is no lie.
  expect(paceOf({ ...stream, avg_frame_rate: '1/60', r_frame_rate: '1/60' }, every(60_000, 40), 2400, 40)).toEqual({
    fps: 1 / 60,
    durationSeconds: 2400,
  });
});

it('does not believe a last picture that is said to last for hours', () => {
  const lying = { ...stream, avg_frame_rate: '100/33343' };
  expect(paceOf(lying, every(100, 30), 10_003, 30)).toEqual({ fps: 10, durationSeconds: 3 });
});

it('leaves out the gap of a recording that goes on with another clock', () => {
  const packets = [...every(100, 15), ...every(100, 15, 36_000_000)];
  expect(paceOf(stream, packets, 36_003, 30)).toEqual({ fps: 10, durationSeconds: 3 });
  expect(paceOf({ ...stream, avg_frame_rate: '1/1200' }, packets, 36_003, 30)).toEqual({ fps: 10, durationSeconds: 3 });
});

it('takes the rate of a camera that leaves pictures out', () => {
  const camera = { ...stream, avg_frame_rate: '30/1', r_frame_rate: '30/1' };
  expect(paceOf(camera, every(71, 854), 60.7, 854)).toEqual({ fps: 30, durationSeconds: 60.7 });
});

it('does not take a unit of time for a rate, nor rates that no camera has', () => {
  const milliseconds = { ...stream, avg_frame_rate: '1000/1', r_frame_rate: '1000/1' };
  const pace = paceOf(milliseconds, every(100, 30), 3, 30);
  expect(pace.fps).toBeCloseTo(10, 9);
  expect(pace.durationSeconds).toBeCloseTo(3, 9);
  const micro = { index: 0, time_base: '1/1000000', avg_frame_rate: '1000000/1', r_frame_rate: '1000000/1' };
  expect(paceOf(micro, every(1, 50), 0.00005, 50)).toEqual({ fps: 25, durationSeconds: 2 });
});

it('does not believe a length far from that of the pictures', () => {
  expect(paceOf(stream, every(100, 30), 429_496_729, 30)).toEqual({ fps: 10, durationSeconds: 3 });
  // All at one time; or the second half at the times of the first.
  expect(paceOf(stream, every(0, 30), 0.1, 30)).toEqual({ fps: 10, durationSeconds: 3 });
  expect(paceOf(stream, [...every(100, 10), ...every(100, 10)], 1, 20)).toEqual({ fps: 10, durationSeconds: 2 });
  // Pictures that begin late.
  expect(paceOf(stream, every(100, 30, 2100), 5.1, 30)).toEqual({ fps: 10, durationSeconds: 5.1 });
});

it('takes what is stated where pictures have no times', () => {
  expect(paceOf({ ...stream, avg_frame_rate: '0/0' }, [{}, {}, {}, {}], 2, 4)).toEqual({ fps: 10, durationSeconds: 2 });
  expect(paceOf({ index: 0 }, [], 2, 4)).toEqual({ fps: 2, durationSeconds: 2 });
});
