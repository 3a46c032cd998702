import { describe, expect, it } from 'vitest';
import { cost, rate, timeLeft } from './words.ts';

describe('time and cost for people', () => {
  it.each([
    [20, 'less than a minute left'],
    [60, 'about 1 minute left'],
    [725, 'about 12 minutes left'],
    [6000, 'about 2 hours left'],
    [200_000, 'about 2 days left'],
  ])('%i s: %s', (seconds, says) => expect(timeLeft(seconds)).toBe(says));
  it.each([
    [0.0002, '< 1 ms'],
    [0.0123, '12 ms'],
    [3.456, '3.5 s'],
    [95, '1 min 35 s'],
  ])('%f s a clip: %s', (seconds, says) => expect(cost(seconds)).toBe(says));
  it.each([
    [0.352, '0.35 clips'],
    [1, '1 clip'],
    [4.24, '4.2 clips'],
    [17.3, '17 clips'],
    [1234.5, '1,235 clips'],
  ])('%f a minute: %s', (clips, says) => expect(rate(clips)).toBe(says));
});
