import { expect, it } from 'vitest';
import { estimateText, lossText, percentText } from './number-text.ts';

it('writes estimates with their error, where there is one', () => {
  expect(estimateText({ value: 0.12345, error: 0.01 }, lossText)).toBe('0.1235 ± 0.0100');
  expect(estimateText({ value: 0.5, error: null }, percentText)).toBe('50.0 %');
});
