import { readFile } from 'node:fs/promises';
import { importWeights, openBackbone } from '@primatrix/backbones';
import { backboneChecks, backboneConformance, untrainedFeatures } from '@primatrix/backbones/conformance';
import { openFrames } from '@primatrix/video';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { family } from './index.ts';

it('keeps what backbones promise', async () => {
  const facts = {
    size: 48,
    width: 512,
    parameters: { total: 722_496, frozen: 0 },
    multiplications: { size: 224, count: 0.26e9 },
  };
  expect(await backboneConformance(family, facts)).toEqual(backboneChecks);
});

it('is untrained without weights, and still tells pictures apart a little', async () => {
  const { mean, cosine } = await untrainedFeatures(family, 1);
  expect(mean).toBeGreaterThan(0.1);
  expect(mean).toBeLessThan(20);
  expect(cosine).toBeLessThan(0.995);
});

const weightsFile = sharedData('weights', 'squeezenet1.1_notop.h5');
const golden = sharedData('models', 'golden/squeezenet');
const pictures = sharedData('golden', 'backbone');
it.skipIf(weightsFile === undefined || golden === undefined || pictures === undefined)(
  'gives the golden features of three pictures, within a thousandth (needs the shared data folder)',
  async () => {
    await using folder = await temporaryFolder();
    const card = await importWeights(family.backbone, weightsFile as string, folder.path);
    expect(card).toMatchObject({ parameters: 722_496, source: { bytes: family.backbone.official.bytes } });
    const backbone = await openBackbone(family.backbone, { weightsDir: folder.path, seed: 1, threads: 1 });
    try {
      for (const picture of ['bird', 'cat', 'chimpanzee']) {
        const { features } = JSON.parse(await readFile(`${golden}/${picture}.json`, 'utf8')) as { features: number[] };
        for await (const frame of await openFrames(`${pictures}/${picture}.png`)) {
          const got = await backbone.run(frame.rgb(), 1, frame.height, frame.width);
          expect(got).toHaveLength(512);
          expect(Math.max(...features.map((want, i) => Math.abs(want - (got[i] as number)))), picture).toBeLessThan(
            1e-3,
          );
        }
      }
    } finally {
      await backbone.dispose();
    }
  },
);
