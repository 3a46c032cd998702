import { readFile, writeFile } from 'node:fs/promises';
import { canonicalJson } from '@primatrix/files';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { readBundle } from './bundle-manifest.ts';
import { setLatePolicy } from './set-late-policy.ts';

const identity = { family: 'x', version: '1.0.0' };
/** As it was written before there were policies. */
const old = {
  schema: 2,
  profile: 'laptop',
  dataset: { name: 'test', digest: '' },
  classes: ['a'],
  metadata: { ...identity, reference: null },
  neighbours: { ...identity, nets: [], ks: [1], order: 'site' },
  features: [],
  nets: [],
  stacks: [],
  ensemble: { ...identity, weights: {} },
};

it.each([
  [2, 3],
  [4, 4],
])('says in a bundle of format %i how long services wait, and takes it back to the byte', async (schema, written) => {
  await using folder = await temporaryFolder();
  const text = `${canonicalJson({ ...old, schema })}\n`;
  await writeFile(folder.join('bundle.json'), text);
  const before = await readBundle(folder.path);
  expect(before.manifest).not.toHaveProperty('late');
  const policy = { withoutAfterMs: 60_000, parts: { 'net-one': null } };
  const set = await setLatePolicy(folder.path, policy, ({ late }) => expect(late).toBe(undefined));
  expect(set.manifest).toEqual({ ...before.manifest, late: policy });
  expect(JSON.parse(await readFile(folder.join('bundle.json'), 'utf8'))).toMatchObject({ schema: written });
  expect(set.digest).not.toBe(before.digest);
  expect(await readBundle(folder.path)).toEqual(set);
  expect((await setLatePolicy(folder.path, null, () => {})).digest).toBe(before.digest);
  expect(await readFile(folder.join('bundle.json'), 'utf8')).toBe(text);
});

it('changes nothing where the policy is refused, and reads no policy of an older schema', async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('bundle.json'), JSON.stringify(old));
  await expect(
    setLatePolicy(folder.path, { withoutAfterMs: 1, parts: {} }, () => {
      throw new RangeError('no such part');
    }),
  ).rejects.toThrow('no such part');
  expect(await readFile(folder.join('bundle.json'), 'utf8')).toBe(JSON.stringify(old));
  for (const wrong of [
    { ...old, late: { withoutAfterMs: 1 } },
    { ...old, schema: 3 },
    { ...old, schema: 3, late: { withoutAfterMs: -1 } },
  ]) {
    await writeFile(folder.join('bundle.json'), JSON.stringify(wrong));
    await expect(readBundle(folder.path)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' });
  }
});
