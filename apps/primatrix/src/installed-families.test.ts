import { createRequire } from 'node:module';
import { profiles } from '@primatrix/contracts';
import { expect, test } from 'vitest';
import { installedFamilies } from './installed-families.ts';

const require = createRequire(import.meta.url);
const families = await installedFamilies();

test('package.json says which nets the neighbours read', () => {
  const found = families.filter((family) => family.kind === 'neighbours');
  expect(found).toHaveLength(1);
  for (const { name, settings } of found) {
    const { primatrix } = require(`@primatrix/${name}/package.json`) as { primatrix: object };
    expect(primatrix).toEqual({
      kind: 'neighbours',
      reads: Object.fromEntries(profiles.map((profile) => [profile, settings[profile].nets])),
    });
    const nets = families.flatMap((family) => (family.kind === 'net' ? [family.name] : []));
    for (const profile of profiles) expect(nets).toEqual(expect.arrayContaining([...settings[profile].nets]));
  }
});

test('some family makes the features of every net', () => {
  const made = families.flatMap((family) => (family.kind === 'features' ? [family.feature] : []));
  for (const family of families) if (family.kind === 'net') expect(made).toContain(family.settings.competition.feature);
});
