import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { changeLanguage } from '../language/language.ts';
import {
  apart,
  bytes,
  cost,
  diskSpace,
  duration,
  percent,
  percentOff,
  rate,
  speciesList,
  speciesNamed,
  timeLeft,
  timeNeeded,
} from './words.ts';

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

it.each([
  [20, 'Less than a minute'],
  [725, 'About 12 min'],
  [3590, 'About 1 h'],
  [3640, 'About 1 h 1 min'],
  [12_000, 'About 3 h 20 min'],
  [200_000, 'About 2 d 7 h'],
])('%i s for all clips: %s', (seconds, says) => expect(timeNeeded(seconds)).toBe(says));

it.each([
  [0, '< 0.1 MB'],
  [3_660_092, '3.5 MB'],
  [52_000_000, '50 MB'],
  [5 * 2 ** 30, '5.0 GB'],
])('%i bytes on the disk: %s', (size, says) => expect(diskSpace(size)).toBe(says));

it('classes that detectors tell apart are as they are in English', () => {
  expect([speciesList(['blank', 'leopard']), speciesNamed('Leopard')]).toEqual(['blank, leopard', 'Leopard']);
});

describe('in French', () => {
  beforeAll(() => {
    vi.stubGlobal('document', { documentElement: {} });
    changeLanguage('fr');
  });
  afterAll(() => {
    changeLanguage('en');
    vi.unstubAllGlobals();
  });

  it.each([
    [() => percent(0.873), '87\u00a0%'],
    [() => percent(0.999), '> 99\u00a0%'],
    [() => percentOff(0.873, 0.0213, 1), '87,3 ± 2,1\u00a0%'],
    [() => duration(95), '1 min 35 s'],
    [() => duration(90_000), '1 j 1 h'],
    [() => apart(-60_000), '1 min 0 s avant'],
    [() => timeNeeded(725), 'Environ 12 min'],
    [() => timeLeft(60), 'encore 1 minute environ'],
    [() => timeLeft(200_000), 'encore 2 jours environ'],
    [() => cost(3.456), '3,5 s'],
    [() => rate(1.5), '1,5 clip'],
    [() => bytes(3_660_092), '3,5 Mo'],
    [() => speciesList(['blank', 'human', 'leopard']), 'vide, humain, leopard'],
    [() => speciesNamed('Véhicule'), 'vehicle'],
  ])('%s: %s', (made, says) => expect(made()).toBe(says));
});
