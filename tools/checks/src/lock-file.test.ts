import { expect, it } from 'vitest';
import { fixtureCheckout } from './checkout.fixture.ts';
import { lockFileGaps } from './lock-file.mjs';

const parent = { optionalDependencies: { 'lib-linux': '1.0.0', 'lib-mac': '1.0.0' } };
const lock = (packages: object) => ({ 'package-lock.json': JSON.stringify({ packages }, null, 2) });

it('is content where the libraries of all platforms are locked, wherever they lie', async () => {
  await using checkout = await fixtureCheckout(
    lock({ 'node_modules/lib': parent, 'node_modules/lib/node_modules/lib-linux': {}, 'node_modules/lib-mac': {} }),
  );
  expect(lockFileGaps(checkout.path)).toEqual([]);
});

it("finds another platform's library that is missing", async () => {
  await using checkout = await fixtureCheckout(lock({ 'node_modules/lib': parent, 'node_modules/lib-linux': {} }));
  expect(lockFileGaps(checkout.path)).toMatchObject([
    { file: 'package-lock.json', line: 3, message: expect.stringContaining('lib-mac@1.0.0') as string },
  ]);
});
