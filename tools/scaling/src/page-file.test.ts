import { expect, it } from 'vitest';
import { readPage } from './page-file.ts';

it('docs/scaling.md says what follows from the committed measurements', async () => {
  const { text, fresh } = await readPage();
  expect(text).toBe(fresh);
});
