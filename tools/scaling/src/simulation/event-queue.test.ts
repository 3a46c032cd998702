import { Rng } from '@primatrix/rng';
import { expect, it } from 'vitest';
import { EventQueue } from './event-queue.ts';

it('lets things happen by their time, and at the same time in the order they were planned', () => {
  const queue = new EventQueue();
  const rng = new Rng(1);
  const planned = Array.from({ length: 2000 }, (_, order) => ({ at: rng.int(50), order }));
  const seen: { at: number; order: number }[] = [];
  for (const one of planned) {
    queue.after(one.at, () => {
      expect(queue.now).toBe(one.at);
      seen.push(one);
    });
  }
  queue.run();
  expect(seen).toEqual([...planned].sort((a, b) => a.at - b.at || a.order - b.order));
});

it('takes what is planned meanwhile', () => {
  const queue = new EventQueue();
  const seen: number[] = [];
  queue.after(1, () => {
    queue.after(1, () => seen.push(queue.now));
    queue.after(0, () => seen.push(queue.now));
  });
  queue.after(1.5, () => seen.push(queue.now));
  queue.run();
  expect(seen).toEqual([1, 1.5, 2]);
});
