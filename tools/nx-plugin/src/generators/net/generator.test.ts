import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readJson, writeJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import type { NetFamily } from '@primatrix/families';
import { conformanceChecks, netConformance } from '@primatrix/nets/conformance';
import { beforeEach, expect, it } from 'vitest';
import netGenerator from './generator.mjs';

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  for (const file of ['tsconfig.json', 'apps/primatrix/tsconfig.json']) {
    writeJson(tree, file, { references: [] });
  }
  writeJson(tree, 'apps/primatrix/package.json', { dependencies: { '@primatrix/video': '*', commander: '^14.0.0' } });
  writeJson(tree, 'apps/backbone-vgg16/package.json', {
    name: '@primatrix/backbone-vgg16',
    primatrix: { kind: 'features', feature: 'vgg16' },
  });
});

it('makes a package of every template', async () => {
  await netGenerator(tree, { name: 'quick', feature: 'vgg16' });
  const templates = readdirSync(new URL('files', import.meta.url), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.template'),
  );
  expect(templates.length).toBeGreaterThan(5);
  for (const template of templates) {
    const text = tree.read(`apps/net-quick/${template.replace('.template', '')}`, 'utf8');
    expect(text, template).toBeTruthy();
    expect(text, template).not.toContain('<%');
  }
  expect(readJson(tree, 'apps/net-quick/package.json')).toMatchObject({
    name: '@primatrix/net-quick',
    primatrix: { kind: 'net', reads: 'vgg16' },
  });
  expect(tree.read('apps/net-quick/src/family.ts', 'utf8')).toContain("name: 'net-quick'");
});

it('makes a net that keeps what nets promise as it is', async () => {
  await netGenerator(tree, { name: 'quick', feature: 'vgg16' });
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-net-'));
  try {
    for (const file of ['package.json', 'src/index.ts', 'src/family.ts']) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), tree.read(`apps/net-quick/${file}`) as Buffer);
    }
    const { family } = (await import(join(folder, 'src/index.ts'))) as { family: NetFamily };
    expect(
      await netConformance(
        family.build({ input: [...family.settings.laptop.crop, 16], classes: 3, profile: 'laptop' }),
      ),
    ).toEqual(conformanceChecks);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('gives it its place in the workspace', async () => {
  await netGenerator(tree, { name: 'net-quick', feature: 'vgg16' });
  expect(readJson(tree, 'tsconfig.json').references).toEqual([{ path: './apps/net-quick' }]);
  expect(readJson(tree, 'apps/primatrix/tsconfig.json').references).toEqual([{ path: '../net-quick' }]);
  expect(Object.keys(readJson(tree, 'apps/primatrix/package.json').dependencies)).toEqual([
    '@primatrix/net-quick',
    '@primatrix/video',
    'commander',
  ]);
});

it('refuses names that are no names, nets that are there, and features that nobody makes', async () => {
  await expect(netGenerator(tree, { name: 'My Net', feature: 'vgg16' })).rejects.toThrow("got 'My Net'");
  await expect(netGenerator(tree, { name: 'quick', feature: 'vgg17' })).rejects.toThrow('there are vgg16');
  await netGenerator(tree, { name: 'quick', feature: 'vgg16' });
  await expect(netGenerator(tree, { name: 'quick', feature: 'vgg16' })).rejects.toThrow('there already');
});
