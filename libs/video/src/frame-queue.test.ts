import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { freeBuffer } from './free-buffer.ts';
import { FrameQueue } from './frame-queue.ts';

describe('FrameQueue', () => {
  it('cuts what is written into frames, wherever that is cut, and drops a last, incomplete one', async () => {
    const queue = new FrameQueue(4);
    for (const chunk of [[1, 2, 3], [4, 5], [6, 7, 8, 9, 10, 11, 12], [13]]) queue.write(Buffer.from(chunk));
    queue.end();
    const frames: number[][] = [];
    for (let frame = await queue.next(); frame !== null; frame = await queue.next()) frames.push([...frame]);
    expect(frames).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10, 11, 12],
    ]);
  });

  it('takes no more than a few frames while nobody asks for one, then goes on', async () => {
    const frameBytes = 4 << 20;
    const queue = new FrameQueue(frameBytes, true);
    let taken = 0;
    for (let i = 1; i <= 5; i++) queue.write(Buffer.alloc(frameBytes, i), () => taken++);
    queue.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBeLessThanOrEqual(2);
    for (let i = 1; i <= 5; i++) expect((await queue.next())?.at(-1)).toBe(i);
    expect(await queue.next()).toBeNull();
    expect(taken).toBe(5);
  });

  it('keeps for a slow reader what waits after all has been written', async () => {
    const queue = new FrameQueue(2);
    queue.end(Buffer.from([1, 2, 3, 4, 5, 6]));
    const frames: number[][] = [];
    for (let frame = await queue.next(); frame !== null; frame = await queue.next()) {
      frames.push([...frame]);
      await sleep(10);
    }
    expect(frames).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('ends for whoever waits when it is destroyed', async () => {
    const queue = new FrameQueue(4);
    const next = queue.next();
    queue.destroy();
    expect(await next).toBeNull();
  });
});

describe('freeBuffer', () => {
  it('gives memory back at once, unless others share it', () => {
    const own = new Uint8Array(100);
    const part = new Uint8Array(100).subarray(1);
    freeBuffer(own);
    freeBuffer(part);
    expect([own.length, own.buffer.byteLength, part.length]).toEqual([0, 0, 99]);
  });
});
