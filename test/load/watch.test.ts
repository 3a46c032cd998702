import { inject, it } from 'vitest';
import { copyStorm } from '../support/watched-copies.ts';

const { dataset, bundle } = inject('trainedSample');

it('watch reads 200 clips once and whole, though copies are slow, renamed, the disk full and the power cut', async () => {
  await copyStorm({ dataset, bundle, copies: 200, pauseMs: 400 });
}, 1_800_000);
