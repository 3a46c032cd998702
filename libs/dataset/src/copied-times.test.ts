import { expect, it } from 'vitest';
import { copiedTimes } from './copied-times.ts';

const start = Date.UTC(2016, 2, 1);
const apart = (clips: number, ms: number) => Array.from({ length: clips }, (_, i) => start + i * ms);

it.each([
  ['all are of a few minutes', apart(500, 1000), 'all 500 files were modified within 9 min'],
  [
    'half share theirs',
    [...apart(300, 60_000), ...Array.from({ length: 300 }, () => start)],
    '301 of 600 files share their modification time with another',
  ],
])('tells that times were copied where %s', (_, times, says) => expect(copiedTimes(times)).toContain(says));

it.each([
  ['few clips', apart(99, 1)],
  ['clips of weeks', apart(500, 3_600_000)],
  // FAT keeps two seconds, and a burst is quicker.
  ['bursts', apart(500, 20_000).flatMap((time, i) => (i % 5 === 0 ? [time, time] : [time]))],
])('says nothing of %s', (_, times) => expect(copiedTimes(times)).toBeUndefined());
