import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, sha256Bytes } from '@primatrix/files';
import { modelAnswers, modelDigest, modelFamily, readModelFolder } from '@primatrix/models';
import { GraphBuilder } from '@primatrix/onnx';
import { natsServerAvailable, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { startFleet } from '../support/fleet.ts';
import { run, start, type Running } from '../support/primatrix.ts';

const sample = inject('trainedSample');

/** An encoder that gives the mean of each colour. */
function meanColours(): Uint8Array {
  const g = new GraphBuilder('colours');
  const x = g.input('x', 'float32', ['n', 3, 8, 8]);
  g.output(g.node('ReduceMean', [x], { axes: [2, 3], keepdims: 0 }, { name: 'y' }), 'float32', ['n', 3]);
  return g.toBytes();
}

async function writeModel(folder: string, version: string): Promise<void> {
  const bytes = meanColours();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), bytes);
  const card = {
    schema: 1,
    ...{ name: 'colours', version, kind: 'image-encoder', summary: 'mean colours', source: 'a test' },
    ...{ file: 'model.onnx', sha256: sha256Bytes(bytes), bytes: bytes.length, licence: 'MIT', commercialUse: true },
    input: {
      ...{ name: 'x', size: [8, 8], layout: 'nchw', channels: 'rgb', values: '0..1', fit: { kind: 'stretch' } },
      ...{ interpolation: 'bilinear', batch: 'free' },
    },
    output: { name: 'y', pool: 'none', width: 3 },
  };
  await writeFile(join(folder, 'model.json'), JSON.stringify(card));
}

/** The sample's bundle, with a model whose features are made of every clip. */
async function withModel(bundle: string, model: string): Promise<void> {
  await cp(sample.bundle, bundle, { recursive: true });
  const folder = await readModelFolder(model);
  const family = modelFamily(folder);
  const files = ((await family.model?.copyTo(join(bundle, 'models/colours'))) ?? []).map(async (file) => {
    const path = `models/colours/${file}`;
    return { path, sha256: sha256Bytes(await readFile(join(bundle, path))) };
  });
  const manifest = JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8')) as { features: unknown[] };
  manifest.features.push({
    ...{ family: 'colours', version: folder.card.version, settings: family.settings.laptop, weights: 'a test' },
    ...{ weightsDigest: modelDigest(folder), weightsFiles: [] },
    model: { answers: modelAnswers(folder), files: await Promise.all(files) },
  });
  await writeFile(join(bundle, 'bundle.json'), `${canonicalJson(manifest)}\n`);
}

describe.skipIf(!natsServerAvailable())('a model as a service', () => {
  it('is swapped for its next version while clips are on their way, and none is lost', async () => {
    await using folder = await temporaryFolder();
    const bundle = folder.join('bundle');
    await writeModel(folder.join('1/colours'), '1.0.0');
    await writeModel(folder.join('2/colours'), '2.0.0');
    await withModel(bundle, folder.join('1/colours'));
    const clips = (await filesBelow(join(sample.dataset, 'clips')))
      .slice(4, 14)
      .map((name) => join(sample.dataset, 'clips', name));
    const [before, after] = [clips.slice(0, 6), clips.slice(6)];
    const predict = (of: readonly string[], out: string, ...more: string[]) => [
      'predict',
      ...of,
      '--bundle',
      bundle,
      '--out',
      folder.join(out),
      ...more,
    ];
    const local = await run(predict(after, 'local.csv'));
    expect(local.status, local.stderr).toBe(0);

    const { features, nets, stacks } = JSON.parse(await readFile(join(bundle, 'bundle.json'), 'utf8')) as Record<
      'features' | 'nets' | 'stacks',
      { family: string }[]
    >;
    const others = new Set([...features, ...nets, ...stacks].map(({ family }) => family));
    others.delete('colours');
    await using fleet = await startFleet({
      bundle,
      workers: [['video-ingest', ...others, 'ensemble'], ['colours'], ['joiner']],
    });
    await fleet.ready();
    const further: Running[] = [];
    const serve = async (...args: string[]) => {
      const worker = start(['serve', ...args, '--bundle', bundle, '--store', fleet.store], { env: fleet.env });
      further.push(worker);
      expect(await worker.says('serving ')).toContain('serving ');
    };
    const remote = (of: readonly string[], out: string) =>
      start(predict(of, out, '--remote', '--store', fleet.store, '--json'), { env: fleet.env });
    try {
      const first = remote(before, 'first.csv');
      await first.says('clip_');
      await serve('colours', '--model', folder.join('2/colours'));
      await serve('joiner', '--canary', 'colours@2.0.0=1');
      expect(await fleet.stop(2)).toBe(0);
      const second = remote(after, 'second.csv');
      const versions = async (of: Running) => {
        const { status, stdout, stderr } = await of.ended;
        expect([0, 1], stderr).toContain(status);
        const { rows } = JSON.parse(stdout) as { rows: { producers: { colours: { version: string } } }[] };
        return rows.map(({ producers }) => producers.colours.version);
      };
      expect(await versions(first)).toEqual(before.map(() => '1.0.0'));
      // Nothing asks for the first version any more.
      expect(await fleet.stop(1)).toBe(0);
      expect(await versions(second)).toEqual(after.map(() => '2.0.0'));
      expect(await readFile(folder.join('second.csv'), 'utf8')).toBe(await readFile(folder.join('local.csv'), 'utf8'));
      expect(await fleet.deadLetters()).toEqual([]);
    } finally {
      for (const worker of further) worker.kill('SIGKILL');
      await Promise.all(further.map(({ ended }) => ended));
    }
  });

  it('refuses a version that answers otherwise, and a model that the bundle has not', async () => {
    await using folder = await temporaryFolder();
    const bundle = folder.join('bundle');
    await writeModel(folder.join('1/colours'), '1.0.0');
    await withModel(bundle, folder.join('1/colours'));
    const card = JSON.parse(await readFile(folder.join('1/colours/model.json'), 'utf8')) as object;
    const serveOther = async (change: object) => {
      await writeFile(folder.join('1/colours/model.json'), JSON.stringify({ ...card, ...change }));
      return run(['serve', 'colours', '--bundle', bundle, '--model', folder.join('1/colours')]);
    };
    const wider = await serveOther({ output: { name: 'y', pool: 'none', width: 4 }, version: '2.0.0' });
    expect([wider.status, wider.stderr]).toEqual([
      2,
      expect.stringContaining('2.0.0 does not answer as 1.0.0 of the bundle'),
    ]);
    const unknown = await serveOther({ name: 'stars' });
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('models of the bundle: colours')]);
  });
});
