import { mkdir, writeFile } from 'node:fs/promises';
import type { TargetConfiguration } from '@nx/devkit';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNodes, createNodesV2 } from './plugin.mjs';

const packages: Record<string, { name: string; dependencies?: Record<string, string>; primatrix?: object }> = {
  'apps/primatrix': { name: 'primatrix' },
  'apps/ingest': { name: 'ingest', dependencies: { contracts: '*' }, primatrix: { kind: 'ingest' } },
  'apps/hash': { name: 'hash', primatrix: { kind: 'features' } },
  'apps/unread': { name: 'unread', primatrix: { kind: 'features' } },
  'apps/net': { name: 'net', dependencies: { nets: '*', zod: '^4.0.0' }, primatrix: { kind: 'nets', reads: 'hash' } },
  'apps/data': { name: 'data', primatrix: { kind: 'nets', net: 'net.json' } },
  'apps/around': { name: 'around', primatrix: { kind: 'neighbours', reads: { laptop: ['net'], competition: [] } } },
  'apps/trees': { name: 'trees', primatrix: { kind: 'stack', variants: ['a', 'b'], quick: true } },
  'apps/ensemble': { name: 'ensemble', primatrix: { kind: 'ensemble' } },
  'libs/contracts': { name: 'contracts' },
  'libs/nets': { name: 'nets', dependencies: { contracts: '*' } },
  'libs/prediction': { name: '@primatrix/prediction', dependencies: { contracts: '*' } },
  'libs/training': { name: '@primatrix/training', dependencies: { '@primatrix/prediction': '*' } },
};

let folder: TemporaryFolder;
beforeEach(async () => {
  for (const name of [
    'PRIMATRIX_BUNDLE',
    'PRIMATRIX_DATASET',
    'PRIMATRIX_PROFILE',
    'PRIMATRIX_FOLDS',
    'PRIMATRIX_SEED',
    'PRIMATRIX_MODEL',
    'PRIMATRIX_ONLY',
    'PRIMATRIX_EXTRA_COLUMNS',
    'PRIMATRIX_TIME_ORDER',
    'PRIMATRIX_STAND_IN',
    'PRIMATRIX_DEVICE',
  ]) {
    vi.stubEnv(name, undefined);
  }
  folder = await temporaryFolder();
  for (const [root, json] of Object.entries(packages)) {
    await mkdir(folder.join(root), { recursive: true });
    await writeFile(folder.join(root, 'package.json'), JSON.stringify(json));
  }
  await writeFile(folder.join('apps/data/net.json'), JSON.stringify({ reads: 'hash', profiles: ['competition'] }));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await folder.remove();
});

/** What the plugin infers, by the project's folder. */
async function infer() {
  const files = Object.keys(packages).map((root) => `${root}/package.json`);
  const nodes = await createNodes[1](files, undefined, { workspaceRoot: folder.path, nxJsonConfiguration: {} });
  return Object.assign({}, ...nodes.map(([, result]) => result.projects)) as Record<
    string,
    { targets: Record<string, TargetConfiguration>; implicitDependencies?: string[] }
  >;
}

describe('createNodes', () => {
  it('is there by both names', () => expect(createNodesV2).toBe(createNodes));

  it('gives every family its stages, and none to features that no net reads', async () => {
    const projects = await infer();
    const tasks = Object.fromEntries(
      Object.entries(projects).map(([root, { targets }]) => [root, Object.keys(targets).join(' ')]),
    );
    expect(tasks).toEqual({
      'apps/primatrix': 'sample serve image',
      'apps/ingest': 'ingest train serve image',
      'apps/hash': 'features train serve image',
      'apps/net': 'train-fold-1 train-fold-2 train-fold-3 train-fold-4 train-fold-5 validate predict train serve image',
      'apps/data': 'image',
      'apps/around': 'means table train',
      'apps/trees': 'train-a train-b site-check train serve image',
      'apps/ensemble': 'fit bundle report train serve image',
    });
  });

  it('serves a family of the bundle that was trained, or of one that is named', async () => {
    const { serve } = (await infer())['apps/hash']?.targets ?? {};
    expect(serve).toMatchObject({
      command: 'node apps/primatrix/bin/primatrix.js serve hash --bundle artifacts/sample/bundle',
      continuous: true,
      cache: false,
    });
    vi.stubEnv('PRIMATRIX_BUNDLE', '/bundles/of mine');
    expect((await infer())['apps/primatrix']?.targets['serve']?.command).toMatch(
      /serve --all --bundle '\/bundles\/of mine'$/,
    );
  });

  it('leaves nets that belong to another profile out of the training; only their containers are built', async () => {
    const net = packages['apps/net'] as { primatrix: object };
    await writeFile(
      folder.join('apps/net/package.json'),
      JSON.stringify({ ...net, primatrix: { ...net.primatrix, profiles: ['competition'] } }),
    );
    expect(Object.keys((await infer())['apps/net']?.targets ?? {})).toEqual(['image']);
    vi.stubEnv('PRIMATRIX_PROFILE', 'competition');
    expect(Object.keys((await infer())['apps/net']?.targets ?? {})).toContain('train');
  });

  it('reads of a net that is data what its file says', async () => {
    vi.stubEnv('PRIMATRIX_PROFILE', 'competition');
    const { targets, implicitDependencies } = (await infer())['apps/data'] ?? {};
    expect(Object.keys(targets ?? {})).toContain('train-fold-1');
    expect(implicitDependencies).toEqual(['hash', 'ingest']);
  });

  it('lets a task wait for the tasks it needs and for the files of their projects', async () => {
    vi.stubEnv('PRIMATRIX_FOLDS', '2');
    const projects = await infer();
    const { validate } = projects['apps/net']?.targets ?? {};
    expect(validate?.dependsOn).toEqual([
      { projects: ['primatrix'], target: 'build' },
      'train-fold-1',
      'train-fold-2',
      { projects: ['hash'], target: 'features' },
      { projects: ['hash'], target: 'train' },
    ]);
    expect(validate?.outputs).toEqual(['{workspaceRoot}/artifacts/sample/stages/net/validate.json']);
    expect(projects['apps/trees']?.implicitDependencies).toEqual(['ingest', 'hash', 'around']);
  });

  it('lets neighbours wait for the nets that they read, and the table for all', async () => {
    const waitsFor = async (task: string) => {
      const { dependsOn = [] } = (await infer())['apps/around']?.targets[task] ?? {};
      return dependsOn
        .flatMap((need) => (typeof need === 'object' ? [`${need.projects?.[0]}:${need.target}`] : [need]))
        .join(' ');
    };
    expect(await waitsFor('means')).toBe(
      'primatrix:build ingest:ingest net:validate net:predict ingest:train net:train',
    );
    expect(await waitsFor('table')).toMatch(
      /^primatrix:build means ingest:ingest hash:features net:validate net:predict /,
    );
    vi.stubEnv('PRIMATRIX_PROFILE', 'competition');
    expect(await waitsFor('means')).toBe('primatrix:build ingest:ingest ingest:train');
  });

  it('hashes the libraries that run, but neither other families nor the command line', async () => {
    const inputs = (await infer())['apps/net']?.targets['train-fold-1']?.inputs;
    const projects = ['@primatrix/prediction', '@primatrix/training', 'contracts', 'nets'];
    expect(inputs).toContainEqual({ input: 'production', projects });
    expect(inputs).not.toContain('^production');
  });

  it('calls a family as its project', async () => {
    const { features } = (await infer())['apps/hash']?.targets ?? {};
    expect(features?.command).toMatch(/run-stages\.mjs hash features --dataset data\/sample /);
    expect(features?.outputs).toEqual(['{workspaceRoot}/artifacts/sample/stages/hash/features.json']);
  });

  it('passes on what else the command line can be told, and hashes the places among it', async () => {
    vi.stubEnv('PRIMATRIX_TIME_ORDER', '/data/times of mine.csv');
    vi.stubEnv('PRIMATRIX_STAND_IN', 'hash=/data/small');
    vi.stubEnv('PRIMATRIX_DEVICE', 'webgpu');
    const { features } = (await infer())['apps/hash']?.targets ?? {};
    expect(features?.command).toMatch(
      / --seed 1 --device webgpu --time-order '\/data\/times of mine\.csv' --stand-in hash=\/data\/small$/,
    );
    const digested = features?.inputs?.flatMap((input) =>
      typeof input === 'object' && 'runtime' in input ? [input.runtime.split('folder-digest.mjs ')[1]] : [],
    );
    expect(digested).toEqual(
      expect.arrayContaining(['data/sample', "'/data/times of mine.csv'", '/data/small']) as string[],
    );
  });

  it('takes the nets and the columns that are asked for', async () => {
    vi.stubEnv('PRIMATRIX_ONLY', 'data');
    vi.stubEnv('PRIMATRIX_EXTRA_COLUMNS', 'unread');
    const projects = await infer();
    const tasksOf = (root: string) => Object.keys(projects[root]?.targets ?? {});
    expect(tasksOf('apps/net')).toEqual(['image']);
    expect(tasksOf('apps/data')).toContain('train-fold-1');
    expect(tasksOf('apps/unread')).toContain('features');
  });

  it('draws the sample only where no dataset is named', async () => {
    const sample = { projects: ['primatrix'], target: 'sample' };
    expect((await infer())['apps/ingest']?.targets['ingest']?.dependsOn).toContainEqual(sample);
    vi.stubEnv('PRIMATRIX_DATASET', '/data/it is mine');
    const { ingest } = (await infer())['apps/ingest']?.targets ?? {};
    expect(ingest?.dependsOn).not.toContainEqual(sample);
    expect(ingest?.command).toContain("--dataset '/data/it is mine'");
  });

  it('has a project for each model that is named, and for the nets over those that have no labels', async () => {
    await writeFile(folder.join('apps/data/net.json'), JSON.stringify({ reads: 'hash', overModels: true }));
    for (const [name, card] of Object.entries({ boxes: { labels: 'labels.csv' }, vectors: {} })) {
      await mkdir(folder.join('my models', name), { recursive: true });
      await writeFile(folder.join('my models', name, 'model.json'), JSON.stringify(card));
    }
    vi.stubEnv('PRIMATRIX_MODELS', folder.join('my models'));
    vi.stubEnv('PRIMATRIX_MODEL', 'boxes,vectors');
    vi.stubEnv('PRIMATRIX_FOLDS', '2');
    const projects = await infer();
    const models = Object.entries(projects).filter(([root]) => root.startsWith('models/'));
    expect(models.map(([root, { targets }]) => `${root}: ${Object.keys(targets).join(' ')}`)).toEqual([
      'models/boxes: features train serve',
      'models/vectors: features train serve',
      'models/data-vectors: train-fold-1 train-fold-2 validate predict train serve',
    ]);
    const { features } = projects['models/boxes']?.targets ?? {};
    expect(features?.command).toMatch(/run-stages\.mjs boxes features .* --model boxes --model vectors$/);
    expect(JSON.stringify(features?.inputs)).toContain(`my models/boxes'`);
    const table = projects['apps/around']?.targets['table'];
    for (const need of ['boxes', 'data-vectors']) {
      expect(table?.dependsOn).toContainEqual({ projects: [need], target: 'train' });
    }
    vi.stubEnv('PRIMATRIX_MODEL', 'stars');
    await expect(infer()).rejects.toThrow('primatrix models add');
  });

  it.each(['1', '2.5', 'many'])('refuses %s folds', async (folds) => {
    vi.stubEnv('PRIMATRIX_FOLDS', folds);
    await expect(infer()).rejects.toThrow(`PRIMATRIX_FOLDS must be a whole number of 2 or more, got '${folds}'`);
  });
});
