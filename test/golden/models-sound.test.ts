import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTensorFile } from '@primatrix/tensor-store';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';
import { soundModelFolders } from '../support/sound-models.ts';

const shared = sharedData('models');

interface GoldenSound {
  readonly wav: string;
  readonly embedding: readonly number[];
  readonly logitsFirst20: readonly number[];
  readonly top10: readonly { readonly index: number; readonly name: string; readonly probability: number }[];
}

describe.skipIf(shared === undefined)('mn04, which listens, with the values that others got', () => {
  const source = shared as string;
  const sounds = shared === undefined ? '' : join(source, 'golden/audio');
  const goldens =
    shared === undefined
      ? []
      : readdirSync(sounds)
          .filter((name) => /^\d.*\.json$/.test(name))
          .map((name) => JSON.parse(readFileSync(join(sounds, name), 'utf8')) as GoldenSound);
  const files = goldens.map(({ wav }) => join(sounds, wav));
  let folder: TemporaryFolder;
  let models: string;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-sound-models-');
    models = folder.join('models');
    for (const place of soundModelFolders(source, folder.path)) {
      const added = await run(['models', 'add', place, '--models', models]);
      expect([added.status, added.stderr]).toEqual([0, '']);
      expect(added.stdout).toMatch(
        /32000 Hz, windows of 10 s, 128 mel bands \(kaldi\)\n {2}cost .* ms a window of sound/,
      );
    }
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('features: the embedding within 1e-3', async () => {
    expect(goldens).toHaveLength(4);
    const out = folder.join('features');
    const args = ['features', 'mn04-embedding', ...files, '--models', models, '--out', out];
    expect((await run(args)).status).toBe(0);
    for (const { wav, embedding } of goldens) {
      const { shape, data } = await readTensorFile(join(out, wav.replace('.wav', '.safetensors')));
      expect(shape).toEqual([1, embedding.length]);
      expect(Math.max(...embedding.map((want, i) => Math.abs(want - (data[i] as number)))), wav).toBeLessThan(1e-3);
    }
  });

  it('predict: logits and tags within 1e-3, and a clip without sound has its row', async () => {
    const silent = join(
      sharedData('clips') as string,
      'chimpandsee_Kor_C5_Kor_vid6_0485466_0567428_20141120_EK000019.AVI',
    );
    const out = folder.join('heard.json');
    const args = ['predict', ...files, silent, '--model', 'mn04', '--models', models, '--format', 'json'];
    const { status, stderr } = await run([...args, '--out', out]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('sound is needed, and the clip has none')]);
    const { rows } = JSON.parse(readFileSync(out, 'utf8')) as {
      rows: { status: string; fault: string | null; probabilities: Record<string, number> | null }[];
    };
    goldens.forEach(({ top10, logitsFirst20, wav }, i) => {
      const probabilities = rows[i]?.probabilities ?? {};
      const logits = Object.values(probabilities).map((probability) => Math.log(probability / (1 - probability)));
      expect(logits).toHaveLength(527);
      expect(Math.max(...logitsFirst20.map((want, k) => Math.abs(want - (logits[k] as number)))), wav).toBeLessThan(
        1e-3,
      );
      for (const { name, probability } of top10) {
        expect(Math.abs((probabilities[name] as number) - probability), `${wav}: ${name}`).toBeLessThan(1e-3);
      }
      const [surest] = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
      expect(surest?.[0]).toBe(top10[0]?.name);
    });
    expect(rows[4]).toMatchObject({ status: 'failed', fault: 'no-sound', probabilities: null });
  });

  it('predict beside a detector: what is heard stands apart, and the files stay readable', async () => {
    const cat = join(sharedData('clips') as string, 'ACP0006s6f-small-cat.mp4');
    const both = ['--model', join(source, 'yolox-nano'), '--model', 'mn04', '--models', models];
    const predict = async (out: string, ...more: string[]) => {
      const { status, stderr } = await run([
        'predict',
        cat,
        files[0] as string,
        ...both,
        '--out',
        folder.join(out),
        ...more,
      ]);
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining('sounds of mn04 are told beside the probabilities'),
      ]);
      return readFileSync(folder.join(out), 'utf8');
    };
    const { classes, rows } = JSON.parse(await predict('both.json', '--format', 'json')) as {
      classes: string[];
      rows: {
        status: string;
        fault: string | null;
        probabilities: Record<string, number> | null;
        seen?: { sightings: object[] };
        heard?: { model: string; sounds: { name: string; score: number; times: { from: number; to: number }[] }[] };
      }[];
    };
    const [seen, sound] = rows;
    expect(classes).toEqual(['blank', 'animal', 'person', 'vehicle']);
    expect(seen?.probabilities?.['person']).toBeGreaterThan(0.5);
    expect(seen?.seen?.sightings.length).toBeGreaterThan(0);
    expect(seen?.heard?.model).toBe('mn04 1.0.0');
    for (const { score, times } of seen?.heard?.sounds ?? []) {
      expect(score).toBeGreaterThanOrEqual(0.1);
      // The clip is of 15 s, windows of 10.
      expect(times.every(({ from, to }) => from >= 0 && to > from && to <= 15.1)).toBe(true);
    }
    // A sound file has nothing to be seen, and is heard.
    expect(sound).toMatchObject({ status: 'failed', fault: 'no-video', probabilities: null });
    expect(sound?.heard?.sounds[0]?.name).toBe(goldens[0]?.top10[0]?.name);
    const csv = await predict('both.csv');
    expect(csv.split('\n')[0]).toMatch(/,blank,animal,person,vehicle,heard$/);
    expect(csv).toContain(`${goldens[0]?.top10[0]?.name} `);
    for (const file of ['both.json', 'both.csv']) {
      const args = ['export', folder.join(file), '--clips', sharedData('clips') as string, '--format', 'megadetector'];
      const exported = await run([...args, '--out', folder.join(`${file}.md.json`)]);
      expect(exported.stderr).not.toContain('[');
      const { images } = JSON.parse(readFileSync(folder.join(`${file}.md.json`), 'utf8')) as { images: object[] };
      expect(images).toHaveLength(2);
    }
  });

  it('models verify', async () => {
    const { stdout } = await run(['models', 'verify', '--models', models]);
    expect(stdout).toBe('mn04: whole, runs\nmn04-embedding: whole, runs\n');
  });
});
