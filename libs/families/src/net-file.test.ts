import { writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { netOfFile, netOfPackage, type NetFile } from './net-file.ts';

const laptop = {
  crop: [60],
  crops: 3,
  train: { optimizer: { kind: 'adam', learningRate: 2e-3 }, batch: 16, stepsPerEpoch: 8, maxEpochs: 20, patience: 8 },
  layers: [{ type: 'GlobalMaxPooling1D' }],
} satisfies NetFile['laptop'];
const pooled: NetFile = { summary: 'order-free pooling', reads: 'image-hash', laptop };

let folder: TemporaryFolder;
beforeEach(async () => (folder = await temporaryFolder()));
afterEach(() => folder.remove());

async function written(json: unknown, name = 'pooled.json'): Promise<string> {
  const path = folder.join(name);
  await writeFile(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
}

describe('a net of a package', () => {
  const identity = { name: '@primatrix/net-pooled', version: '1.2.3' };

  it('has its name and version from there, and all else from the file', async () => {
    const net = netOfPackage(identity, await written({ ...pooled, profiles: ['laptop'], $schema: 'net.schema.json' }));
    expect(net).toMatchObject({ kind: 'nets', name: 'net-pooled', version: '1.2.3', profiles: ['laptop'] });
    const { crop, crops, train } = laptop;
    expect(net.settings.laptop).toEqual({ feature: 'image-hash', crop, crops, train });
  });

  it('ends in an output a class', async () => {
    const net = netOfPackage(identity, await written(pooled));
    expect(net.build({ input: [60, 128], classes: 5, profile: 'laptop' })).toEqual({
      name: 'net-pooled',
      input: [60, 128],
      layers: [{ type: 'GlobalMaxPooling1D' }, { type: 'Dense', units: 5, activation: 'sigmoid' }],
    });
  });

  it('says so where it lacks a profile', async () => {
    const path = await written(pooled);
    const net = netOfPackage(identity, path);
    const message = `families: ${path}: net-pooled has no settings for the profile competition`;
    expect(() => net.settings.competition).toThrow(message);
    expect(() => net.build({ input: [60, 128], classes: 5, profile: 'competition' })).toThrow(message);
  });

  it('has no second name in the file', async () => {
    const path = await written({ ...pooled, name: 'other' });
    expect(() => netOfPackage(identity, path)).toThrow(`${path}: name`);
  });
});

describe('a net of a file of its own', () => {
  it('is called as the file, or as the file says', async () => {
    expect(netOfFile(await written(pooled)).name).toBe('pooled');
    expect(netOfFile(await written({ ...pooled, name: 'other' })).name).toBe('other');
    const path = await written(pooled, 'My Net.json');
    expect(() => netOfFile(path)).toThrow("name: must be given, as the file is called 'My Net.json'");
  });

  it('has another version where it computes something else, and only there', async () => {
    const versionOf = async (json: NetFile) => netOfFile(await written(json)).version;
    const version = await versionOf(pooled);
    expect(version).toMatch(/^0\.0\.0\+[0-9a-f]{12}$/);
    expect(await versionOf({ ...pooled, summary: 'other words', laptop: { ...laptop, why: 'x', parameters: 9 } })).toBe(
      version,
    );
    const others = [
      { ...pooled, reads: 'vgg16' },
      { ...pooled, laptop: { ...laptop, crop: [61] } },
      { ...pooled, laptop: { ...laptop, train: { ...laptop.train, batch: 8 } } },
      { ...pooled, laptop: { ...laptop, layers: [{ type: 'Flatten' as const }] } },
      { ...pooled, laptop: undefined, competition: laptop },
    ];
    const versions = new Set([version]);
    for (const other of others) versions.add(await versionOf(other));
    expect(versions.size).toBe(others.length + 1);
  });
});

it.each<[string, unknown, string]>([
  ['text that is no JSON', '{ "reads": ', 'cannot be read: '],
  ['a list', [], 'expected object'],
  ['what is not known', { ...pooled, feature: 'vgg16' }, 'Unrecognized key: "feature"'],
  ['what is not known, deeper', { ...pooled, laptop: { ...laptop, crup: [1] } }, 'laptop: Unrecognized key: "crup"'],
  ['no profile', { ...pooled, laptop: undefined }, 'must have laptop or competition, or both'],
  ['a profile that it lacks', { ...pooled, profiles: ['competition'] }, 'profiles: must be profiles that the file has'],
  ['no crop', { ...pooled, laptop: { ...laptop, crop: undefined } }, 'laptop.crop: '],
  ['another type', { ...pooled, laptop: { ...laptop, crop: ['60'] } }, 'laptop.crop[0]: '],
  ['no layer', { ...pooled, laptop: { ...laptop, layers: [] } }, 'laptop.layers: '],
  ['an unknown layer', { ...pooled, laptop: { ...laptop, layers: [{ type: 'GRUU' }] } }, 'laptop.layers[0].type: '],
  [
    'a layer without its settings',
    { ...pooled, laptop: { ...laptop, layers: [{ type: 'Flatten' }, { type: 'GRU' }] } },
    'laptop.layers[1].units: ',
  ],
  [
    'a rate out of range',
    { ...pooled, laptop: { ...laptop, train: { ...laptop.train, patience: 0 } } },
    'laptop.train.patience: ',
  ],
  ['two ways to learn', { ...pooled, laptop: { ...laptop, fit: 'linear-probe' } }, 'laptop: must have train or fit'],
  ['no way to learn', { ...pooled, laptop: { ...laptop, train: undefined } }, 'laptop: must have train or fit'],
  [
    'parts that do not make a batch',
    { ...pooled, laptop: { ...laptop, train: { ...laptop.train, microBatch: 5 } } },
    'laptop.train.microBatch: must divide batch',
  ],
])('refuses %s, naming the file and the place', async (_, json, words) => {
  const path = await written(json);
  const read = () => netOfFile(path);
  expect(read).toThrow(`families: ${path}: `);
  expect(read).toThrow(words);
  expect(read).toThrow(expect.objectContaining({ code: 'NET_FILE', fields: { file: path } }));
});

it('refuses a file that is not there', () => {
  expect(() => netOfFile(folder.join('none.json'))).toThrow(expect.objectContaining({ code: 'NET_FILE' }));
});
