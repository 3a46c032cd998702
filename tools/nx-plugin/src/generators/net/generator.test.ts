import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson, writeJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { netOfFile } from '@primatrix/families';
import { outputShape } from '@primatrix/nets';
import { conformanceChecks, netConformance } from '@primatrix/nets/conformance';
import { beforeEach, expect, it } from 'vitest';
import netGenerator from './generator.mjs';

const quick = 'apps/families/nets/net-quick';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  writeJson(tree, 'apps/primatrix/package.json', { dependencies: { '@primatrix/video': '*', commander: '^14.0.0' } });
  writeJson(tree, 'apps/families/backbones/vgg16/package.json', {
    name: '@primatrix/vgg16',
    nx: { name: 'vgg16' },
    primatrix: { kind: 'features' },
  });
});

it('makes a package of three files', async () => {
  await netGenerator(tree, { name: 'quick', feature: 'vgg16' });
  expect(tree.children(quick).sort()).toEqual(['README.md', 'net.json', 'package.json']);
  for (const file of tree.children(quick)) expect(tree.read(`${quick}/${file}`, 'utf8'), file).not.toContain('<%');
  expect(readJson(tree, `${quick}/package.json`)).toMatchObject({
    name: '@primatrix/net-quick',
    primatrix: { kind: 'nets', net: 'net.json' },
  });
});

it('makes a net that keeps what nets promise as it is', async () => {
  await netGenerator(tree, { name: 'quick', feature: 'vgg16' });
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-net-'));
  try {
    await writeFile(join(folder, 'net-quick.json'), tree.read(`${quick}/net.json`) as Buffer);
    const net = netOfFile(join(folder, 'net-quick.json'));
    expect(net).toMatchObject({ name: 'net-quick', profiles: ['laptop', 'competition'] });
    expect(net.settings.laptop.feature).toBe('vgg16');
    const small = net.build({ input: [...net.settings.laptop.crop, 16], classes: 3, profile: 'laptop' });
    expect(await netConformance(small)).toEqual(conformanceChecks);
    const large = { input: [...net.settings.competition.crop, 16], classes: 24, profile: 'competition' } as const;
    expect(outputShape(net.build(large))).toEqual([24]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('adds it to the command line, and changes nothing else', async () => {
  const before = new Set(tree.listChanges().map(({ path }) => path));
  await netGenerator(tree, { name: 'net-quick', feature: 'vgg16' });
  expect(Object.keys(readJson(tree, 'apps/primatrix/package.json').dependencies)).toEqual([
    '@primatrix/net-quick',
    '@primatrix/video',
    'commander',
  ]);
  const made = tree.listChanges().flatMap(({ path }) => (before.has(path) ? [] : [path]));
  expect(made.every((path) => path.startsWith(quick))).toBe(true);
});

it('refuses names that are no names, nets that are there, and features that nobody makes', async () => {
  await expect(netGenerator(tree, { name: 'My Net', feature: 'vgg16' })).rejects.toThrow("got 'My Net'");
  await expect(netGenerator(tree, { name: 'quick', feature: 'vgg17' })).rejects.toThrow('there are vgg16');
  await netGenerator(tree, { name: 'quick', feature: 'vgg16' });
  await expect(netGenerator(tree, { name: 'quick', feature: 'vgg16' })).rejects.toThrow('there already');
});
