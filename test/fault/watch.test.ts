import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { copyStorm } from '../support/watched-copies.ts';
import { run } from '../support/primatrix.ts';

const { dataset, bundle } = inject('trainedSample');

it('watch reads every clip once and whole, though copies are slow, renamed, the disk full and the power cut', async () => {
  await copyStorm({ dataset, bundle, copies: 6, pauseMs: 300 });
});

it('watch says what is wrong with its options', async () => {
  const { status, stderr } = await run(['watch', join(dataset, 'clips'), '--bundle', bundle, '--bin-blanks']);
  expect([status, stderr]).toEqual([2, expect.stringContaining('WATCH_BLANKS')]);
});
