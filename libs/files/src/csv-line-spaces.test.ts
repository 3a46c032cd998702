import { expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';

it('quotes what readers would take for a separator, or trim', () => {
  expect(csvLine(['a', 1, 'x,y', 'say "z"', ' b', 'c\u00a0', 'd;e', 'f\ng'])).toBe(
    'a,1,"x,y","say ""z"""," b","c\u00a0","d;e","f\ng"\n',
  );
});
