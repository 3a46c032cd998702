import { createRequire } from 'node:module';
import { profiles, type Profile } from '@primatrix/contracts';
import { netInputShape, readNetFile } from '@primatrix/families';
import { stageGraph, type FamilyFacts } from '@primatrix/families/stage-graph';
import { resolveNet } from '@primatrix/nets';
import { stageId, trainPlan, type Training } from '@primatrix/training';
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
    const nets = families.flatMap((family) => (family.kind === 'nets' ? [family.name] : []));
    for (const profile of profiles) expect(nets).toEqual(expect.arrayContaining([...settings[profile].nets]));
  }
});

/** What Nx knows of a family: its package.json, and of a net its file. */
function factsOf(name: string, profile: Profile): FamilyFacts {
  const { primatrix } = require(`@primatrix/${name}/package.json`) as {
    primatrix: Omit<FamilyFacts, 'rowsAlone'> & {
      net?: string;
      reads?: Record<Profile, string[]>;
      rowsAlone?: Profile[];
    };
  };
  const facts = { ...primatrix, name, rowsAlone: primatrix.rowsAlone?.includes(profile) ?? false };
  if (primatrix.net === undefined) return { ...facts, reads: primatrix.reads?.[profile] ?? [] };
  return { ...facts, reads: readNetFile(require.resolve(`@primatrix/${name}/${primatrix.net}`)).reads };
}

test.each(profiles)('the stages of a training are those that package.json tells Nx of: %s', (profile) => {
  const taking = families.filter((family) => family.kind !== 'nets' || family.profiles.includes(profile));
  const dataset = { name: 'd', digest: '', classes: [], clips: [], missing: [], unknown: [] };
  const context = { weightsDir: '', threads: 1, device: 'cpu' };
  const training = {
    ...{ dataset, artifacts: '', profile, families: taking, folds: 3, seed: 1, context },
  } as unknown as Training;
  const graph = stageGraph(
    taking.map(({ name }) => factsOf(name, profile)),
    3,
  );
  const told = new Map(graph.map(({ family, task, needs }) => [`${family}:${task}`, needs]));
  const planned = new Map(trainPlan(training).map((stage) => [stageId(stage), stage.needs]));
  expect(planned).toEqual(told);
  expect(planned.size).toBeGreaterThan(30);
});

test('some family makes the features of every net', () => {
  const made = families.flatMap((family) => (family.kind === 'features' ? [family.name] : []));
  for (const family of families) {
    if (family.kind === 'nets') expect(made).toContain(family.settings.competition.feature);
  }
});

test('package.json names what the image of a family that prepares itself is built with', () => {
  const preparing = families.filter(({ preparation }) => preparation !== undefined);
  expect(preparing.length).toBeGreaterThan(0);
  for (const { name } of families.filter((family) => family.kind === 'stack')) {
    const { primatrix } = require(`@primatrix/${name}/package.json`) as { primatrix: { builds?: string[] } };
    const prepares = preparing.some((family) => family.name === name);
    if ((primatrix.builds ?? []).length > 0) expect(prepares, name).toBe(true);
  }
});

test('a net can be built over what its feature family says, in every profile', () => {
  const features = families.filter((family) => family.kind === 'features');
  for (const net of families.filter((family) => family.kind === 'nets')) {
    for (const profile of profiles) {
      const input = netInputShape(net, features, profile);
      expect(input.slice(0, net.settings[profile].crop.length)).toEqual(net.settings[profile].crop);
      expect(() => resolveNet(net.build({ input, classes: 3, profile })), `${net.name} ${profile}`).not.toThrow();
    }
    expect(() => netInputShape(net, [], 'laptop')).toThrow(expect.objectContaining({ code: 'FAMILY_READS' }));
  }
});
