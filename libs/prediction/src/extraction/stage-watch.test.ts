import { expect, it } from 'vitest';
import { StageTimes } from './stage-watch.ts';

it('shares time in which several families are at work, so that the parts add up to what passed', async () => {
  let now = 0;
  const times = new StageTimes({ now: () => now, onStage: () => undefined });
  now += 10;
  let endLong = () => {};
  const long = times.spend('long', () => new Promise<void>((resolve) => (endLong = resolve)));
  now += 4;
  await times.spend('short', () => void (now += 6));
  now += 1;
  endLong();
  await long;
  now += 20;
  expect([times.of('long'), times.of('short'), times.rest()]).toEqual([0.008, 0.003, 0.03]);
});
