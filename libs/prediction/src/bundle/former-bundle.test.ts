import { writeFile } from 'node:fs/promises';
import { sha256Bytes } from '@primatrix/files';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { readBundle } from './bundle-manifest.ts';

const identity = { family: 'x', version: '1.0.0' };
/** No files, so that there is nothing else to check. */
const common = {
  profile: 'laptop',
  dataset: { name: 'test', digest: '' },
  classes: ['a'],
  metadata: { ...identity, reference: null },
  neighbours: { ...identity, nets: [], ks: [1], order: 'site' },
  nets: [],
  stacks: [],
  ensemble: { ...identity, weights: {} },
};
const features = { version: '1.0.0', settings: null, weightsDigest: null, weights: '', weightsFiles: [] };
const late = { withoutAfterMs: 1, parts: {} };

it.each([
  { ...common, schema: 2, features: [{ ...features, family: 'backbone-dots', feature: 'dots' }] },
  { ...common, schema: 3, late, features: [{ ...features, family: 'backbone-dots', feature: 'dots' }] },
  { ...common, schema: 4, features: [{ ...features, family: 'dots' }] },
  { ...common, schema: 4, late, features: [{ ...features, family: 'dots' }] },
])('reads format $schema, features called as their family', async (bundle) => {
  await using folder = await temporaryFolder();
  const text = JSON.stringify(bundle);
  await writeFile(folder.join('bundle.json'), text);
  const { manifest, digest } = await readBundle(folder.path);
  expect(manifest).toMatchObject({ schema: 4, features: [{ ...features, family: 'dots' }] });
  expect(manifest.features[0]).not.toHaveProperty('feature');
  expect(manifest.late).toEqual('late' in bundle ? late : undefined);
  expect(digest).toBe(sha256Bytes(text));
});
