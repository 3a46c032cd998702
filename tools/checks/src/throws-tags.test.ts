import { expect, it } from 'vitest';
import { fixtureCheckout } from './checkout.fixture.ts';
import { otherThrowsForms } from './throws-tags.mjs';

it('finds what a function throws where it is told in other ways', async () => {
  await using checkout = await fixtureCheckout({
    'a.ts': '/** Throws RangeError for nothing. */\nexport const a = 1;\n',
    'b.ts':
      'const x = 1;\n' +
      '/**\n' +
      ' * Reads it. Throws\n' +
      ' * RangeError for nothing.\n' +
      ' * Errors: none.\n' +
      ' */\n' +
      'export const b = x;\n',
  });
  expect(otherThrowsForms(checkout.path)).toEqual([
    { file: 'a.ts', line: 1, message: "'Throws' in a docblock: write '@throws', the error's class, and when" },
    { file: 'b.ts', line: 3, message: "'Throws' in a docblock: write '@throws', the error's class, and when" },
    { file: 'b.ts', line: 5, message: "'Errors:' in a docblock: write '@throws', the error's class, and when" },
  ]);
});

it('is content with the tag, with other words, and with what is no docblock', async () => {
  await using checkout = await fixtureCheckout({
    'a.ts':
      '/**\n' +
      ' * Reads it; damage never throws. Errors are counted.\n' +
      ' * @throws RangeError for nothing\n' +
      ' */\n' +
      "export const a = 'Throws it. Throws it';\n" +
      '// Throws nothing.\n',
  });
  expect(otherThrowsForms(checkout.path)).toEqual([]);
});
