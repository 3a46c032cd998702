import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTensorFile } from '@primatrix/tensor-store';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const shared = sharedData('models');

interface Box {
  readonly xyxy: readonly number[];
  readonly score: number;
  readonly name: string;
  readonly group?: string;
}
interface Detected {
  readonly clips: readonly { readonly file: string; readonly frames: readonly { readonly boxes: readonly Box[] }[] }[];
}
interface GoldenPicture {
  readonly image: string;
  readonly boxes: readonly Box[];
  readonly centredLetterbox?: { readonly boxes: readonly Box[] };
}

describe.skipIf(shared === undefined)('real models, with the values that others got', () => {
  const source = shared as string;
  const pictures = shared === undefined ? '' : join(source, 'golden/detector');
  const goldens =
    shared === undefined
      ? []
      : readdirSync(pictures)
          .filter((name) => name.endsWith('.json'))
          .map((name) => JSON.parse(readFileSync(join(pictures, name), 'utf8')) as GoldenPicture);
  let folder: TemporaryFolder;
  let models: string;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-models-');
    models = folder.join('models');
    const added = await run([
      'models',
      'add',
      join(source, 'yolox-nano'),
      '--licence',
      'Apache-2.0',
      '--models',
      models,
    ]);
    expect([added.status, added.stderr]).toEqual([0, '']);
    const own = await run(['models', 'add', ownFolder(), '--models', models]);
    expect([own.status, own.stderr]).toEqual([0, '']);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  /** The model as its authors run it: raw grid, letterbox at the top left. */
  function ownFolder(): string {
    const place = folder.join('yolox-raw');
    mkdirSync(place);
    copyFileSync(join(source, 'yolox_nano.onnx'), join(place, 'yolox_nano.onnx'));
    const names = readFileSync(join(source, 'yolox-nano/labels.txt'), 'utf8').trim().split('\n');
    writeFileSync(join(place, 'labels.csv'), ['index,name', ...names.map((name, i) => `${i},${name}`), ''].join('\n'));
    const card = {
      schema: 1,
      name: 'yolox-raw',
      version: '1.0.0',
      kind: 'detector',
      summary: 'COCO detector, 80 classes',
      file: 'yolox_nano.onnx',
      sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
      bytes: 3_660_092,
      licence: 'Apache-2.0',
      commercialUse: true,
      source: 'Megvii-BaseDetection/YOLOX',
      input: {
        name: 'images',
        size: [416, 416],
        layout: 'nchw',
        channels: 'bgr',
        values: '0..255',
        fit: { kind: 'letterbox', place: 'top-left', round: 'floor', pad: 114 },
        interpolation: 'bilinear',
        batch: 1,
      },
      output: { decode: 'yolox', strides: [8, 16, 32], boxes: 'output' },
      labels: 'labels.csv',
      defaults: { score: 0.1, iou: 0.45 },
    };
    writeFileSync(join(place, 'model.json'), JSON.stringify(card));
    return place;
  }

  async function detected(model: string): Promise<readonly (readonly Box[])[]> {
    const files = goldens.map(({ image }) => join(pictures, image));
    const { status, stdout } = await run(['detect', ...files, '--model', model, '--models', models, '--json']);
    expect(status).toBe(0);
    const { clips } = JSON.parse(stdout) as Detected;
    expect(clips.map(({ file }) => file)).toEqual(files);
    return clips.map(({ frames }) => frames[0]?.boxes ?? []);
  }

  it.each([
    ['yolox-raw', ({ boxes }: GoldenPicture) => boxes],
    ['yolox-nano', ({ centredLetterbox }: GoldenPicture) => centredLetterbox?.boxes ?? []],
  ])('detect: the boxes of %s', async (model, wantedOf) => {
    const found = await detected(model);
    goldens.forEach((golden, i) => {
      const boxes = found[i] ?? [];
      for (const wanted of wantedOf(golden).filter(({ score }) => score >= 0.3)) {
        const near = boxes.filter((box) => box.name === wanted.name && overlap(box.xyxy, wanted.xyxy) >= 0.9);
        expect(near, `${golden.image}: ${wanted.name} ${wanted.score}`).toHaveLength(1);
        expect(Math.abs((near[0] as Box).score - wanted.score), golden.image).toBeLessThan(0.05);
      }
      const sure = boxes.filter(({ score }) => score >= 0.35).length;
      expect(sure, golden.image).toBe(wantedOf(golden).filter(({ score }) => score >= 0.35).length);
    });
    expect(found[goldens.findIndex(({ image }) => image.startsWith('blank'))]).toEqual([]);
  });

  it('features: the encoder in its three forms', async () => {
    const from = join(source, 'tiny-dino-encoder');
    const forms: readonly (readonly [name: string, file: string, described: readonly string[]])[] = [
      ['free', 'model.onnx', ['config.json', 'preprocessor_config.json']],
      ['one-by-one', 'model_batch1.onnx', ['config.json', 'preprocessor_config.json']],
      ['pooled', 'model_pooled.onnx', ['manifest.toml']],
    ];
    const backbone = sharedData('golden') as string;
    const names = ['bird', 'cat', 'chimpanzee'];
    for (const [name, file, described] of forms) {
      const place = folder.join(name);
      mkdirSync(place);
      for (const each of [file, ...described]) copyFileSync(join(from, each), join(place, each));
      const args = [
        '--name',
        name,
        '--licence',
        'own',
        '--models',
        models,
        ...(described.length > 1 ? ['--file', file] : []),
      ];
      expect((await run(['models', 'add', place, ...args])).status).toBe(0);
      const files = names.map((picture) => join(backbone, `backbone/${picture}.png`));
      const out = folder.join(`features-${name}`);
      expect((await run(['features', name, ...files, '--models', models, '--out', out])).status).toBe(0);
      for (const picture of names) {
        const golden = JSON.parse(readFileSync(join(source, `golden/encoder/${picture}.json`), 'utf8')) as {
          variants: { preprocessor_config: { pooler_output: number[] } };
        };
        const wanted = golden.variants.preprocessor_config.pooler_output;
        const tensor = await readTensorFile(join(out, `${picture}.safetensors`));
        const got = [...(tensor.data as Float32Array)];
        // SPARROW's manifest asks for length 1.
        const length = described.length > 1 ? 1 : Math.hypot(...wanted);
        const off = Math.max(...wanted.map((value, i) => Math.abs(value / length - (got[i] as number))));
        expect(off, `${name} ${picture}`).toBeLessThan(1e-4);
      }
    }
  });

  it('predict: without a bundle, resumed, and exported with boxes and times', async () => {
    const clips = join(sharedData('clips') as string, 'ACP0006s6f-small-cat.mp4');
    const picture = join(pictures, 'bird.png');
    const out = folder.join('seen.json');
    const args = ['predict', clips, picture, '--model', 'yolox-nano', '--models', models, '--format', 'json'];
    const first = await run([...args, '--out', out, '--json']);
    expect(first.status).toBe(0);
    const { rows, classes } = JSON.parse(readFileSync(out, 'utf8')) as {
      classes: string[];
      rows: {
        filename: string;
        probabilities: Record<string, number>;
        seen: { looks: number[]; sightings: { group: string; from: number | null; to: number | null }[] };
      }[];
    };
    expect(classes).toEqual(['blank', 'animal', 'person', 'vehicle']);
    const [cat, bird] = rows;
    // A cat in full view: small detectors see a person, which is wrong, and is not blank, which is right.
    expect(cat?.probabilities['blank']).toBeLessThan(0.5);
    expect(cat?.seen.looks).toHaveLength(15);
    expect(cat?.seen.sightings[0]).toMatchObject({ from: 0 });
    expect(bird?.probabilities['animal']).toBeGreaterThan(0.9);
    expect(bird?.probabilities['blank']).toBeCloseTo(1 - (bird?.probabilities['animal'] ?? 0));

    const exported = folder.join('seen-md.json');
    expect((await run(['export', out, '--format', 'megadetector', '--out', exported])).status).toBe(0);
    const results = JSON.parse(readFileSync(exported, 'utf8')) as {
      images: { file: string; frames_processed?: number[]; detections: { bbox: number[]; frame_number?: number }[] }[];
    };
    const [video] = results.images;
    expect(video?.frames_processed).toEqual(cat?.seen.looks);
    expect(video?.detections.every(({ frame_number: frame }) => video.frames_processed?.includes(frame ?? -1))).toBe(
      true,
    );
    expect(results.images[1]?.detections[0]?.bbox.map((value) => Math.round(value * 224))).toEqual([17, 50, 186, 170]);
  });

  it('refuses what does not go together, before any work', async () => {
    const picture = join(pictures, 'bird.png');
    const out = ['--out', folder.join('none.csv'), '--models', models];
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['predict', picture, ...out], /--bundle <dir> or --model <name>/],
      [
        ['predict', picture, '--model', 'yolox-nan', ...out],
        /there is no model 'yolox-nan'.*\n.*did you mean yolox-nano\?/,
      ],
      [['predict', picture, '--model', 'yolox-nano', '--model', 'yolox-raw', ...out], /both of the kind detector/],
      [['predict', picture, '--model', 'yolox-nano', '--bundle', 'x', ...out], /cannot be given together/],
      [['predict', picture, '--model', 'pooled', ...out], /is an encoder/],
      [['detect', picture, '--model', 'pooled', '--models', models], /must be a detector/],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = await run([...args]);
      expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});

function overlap(a: readonly number[], b: readonly number[]): number {
  const [l1 = 0, t1 = 0, r1 = 0, b1 = 0] = a;
  const [l2 = 0, t2 = 0, r2 = 0, b2 = 0] = b;
  const common = Math.max(0, Math.min(r1, r2) - Math.max(l1, l2)) * Math.max(0, Math.min(b1, b2) - Math.max(t1, t2));
  return common / ((r1 - l1) * (b1 - t1) + (r2 - l2) * (b2 - t2) - common);
}
