import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { discoverFamilies } from './discover.ts';
import type { NetFile } from './net-file.ts';

const file: NetFile = {
  summary: 'pooling',
  reads: 'image-hash',
  laptop: {
    crop: [60],
    crops: 1,
    train: { optimizer: { kind: 'sgd' }, batch: 1, stepsPerEpoch: 1, maxEpochs: 1, patience: 1 },
    layers: [{ type: 'GlobalMaxPooling1D' }],
  },
};

let folder: TemporaryFolder;
beforeEach(async () => (folder = await temporaryFolder()));
afterEach(() => folder.remove());

async function write(files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(folder.join(path)), { recursive: true });
    await writeFile(folder.join(path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** Packages as npm installs them, and a host that depends on all of them. */
async function installed(packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  await write({
    'package.json': { dependencies: Object.fromEntries(Object.keys(packages).map((name) => [name, '*'])) },
  });
  for (const [name, files] of Object.entries(packages)) {
    await write(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`node_modules/${name}/${path}`, text])),
    );
  }
  return discoverFamilies(pathToFileURL(folder.join('/')));
}

const data = (name: string, version = '1.0.0') => ({
  name,
  version,
  exports: { './package.json': './package.json' },
  primatrix: { kind: 'nets', net: 'net.json' },
});
const code = (name: string) => ({
  name,
  version: '1.0.0',
  type: 'module',
  main: 'index.js',
  primatrix: { kind: 'nets' },
});

it('finds nets that are data, nets in code, and nothing else', async () => {
  const families = await installed({
    '@mine/net-data': { 'package.json': data('@mine/net-data', '2.0.0'), 'net.json': file },
    'net-code': {
      'package.json': code('net-code'),
      'index.js': "export const family = { kind: 'nets', name: 'net-code' };",
    },
    plain: { 'package.json': { name: 'plain', version: '1.0.0' } },
    closed: { 'package.json': { name: 'closed', exports: { '.': './index.js' } } },
  });
  expect(families.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['nets net-data', 'nets net-code']);
  expect(families[0]?.version).toBe('2.0.0');
});

it('loads no code of a net that is data', async () => {
  const fuse = "throw new Error('loaded');";
  const [net] = await installed({
    'net-data': { 'package.json': { ...data('net-data'), main: 'index.js' }, 'net.json': file, 'index.js': fuse },
  });
  expect(net?.name).toBe('net-data');
});

it.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['a net whose file is not there', { 'package.json': data('net-x') }, 'NET_FILE'],
  ['a net whose file is none', { 'package.json': data('net-x'), 'net.json': '{}' }, 'NET_FILE'],
  ['code that does not load', { 'package.json': code('net-x'), 'index.js': 'throw new Error();' }, 'FAMILY_LOAD'],
  ['code without a family', { 'package.json': code('net-x'), 'index.js': 'export const x = 1;' }, 'FAMILY_SHAPE'],
  [
    'a family of another kind',
    { 'package.json': code('net-x'), 'index.js': "export const family = { kind: 'stack' };" },
    'FAMILY_SHAPE',
  ],
  ['a kind that there is not', { 'package.json': { ...code('net-x'), primatrix: { kind: 'nests' } } }, 'FAMILY_KIND'],
])('refuses %s', async (_, files, error) => {
  await expect(installed({ 'net-x': files })).rejects.toMatchObject({ code: error });
});

it.each([
  ['net', 'nets'],
  ['metadata', 'ingest'],
])("says of kind '%s' what to write instead", async (before, now) => {
  const packageJson = { ...code('net-x'), primatrix: { kind: before } };
  await expect(installed({ 'net-x': { 'package.json': packageJson } })).rejects.toMatchObject({
    code: 'FAMILY_KIND',
    hint: expect.stringContaining(`"kind": "${now}"`),
  });
});
