import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { profiles, type Profile } from '@primatrix/contracts';
import { netOfFile, readNetFile, type NetFamily, type NetFile } from '@primatrix/families';
import { outputShape, parameterCount } from '@primatrix/nets';
import { conformanceChecks, netConformance } from '@primatrix/nets/conformance';
import { expect, test } from 'vitest';
import { installedFamilies } from './installed-families.ts';

const require = createRequire(import.meta.url);
const classes = 24;

/** By feature: what a frame (or a sample of sound) has in the competition's features, and a small input that conformance is checked with. */
const features: Readonly<Record<string, { readonly frame: readonly number[]; readonly small?: readonly number[] }>> = {
  vgg16: { frame: [512] },
  resnet50: { frame: [2048] },
  'inception-v3': { frame: [2048] },
  'mobilenet-v2': { frame: [1280] },
  'image-hash': { frame: [128] },
  waveform: { frame: [1], small: [16_384, 1] },
  micro: { frame: [64, 64, 3], small: [8, 8, 8, 3] },
};
const small = [12, 16];

/**
 * What the original's own code says of its nets, and for those that it has not, what their cards promise: crop, crops at
 * prediction; clips in a batch, batches in an epoch, most epochs, patience; weights with 24 classes.
 */
const figures: Readonly<Record<string, readonly [number[], number | number[], number[], number]>> = {
  'net-attention-pool': [[56], 3, [48, 200, 2000, 100], 662_296],
  'net-audio-conv1d': [[327_680], 3, [48, 400, 200, 50], 542_520],
  'net-conv3d': [[24, 56, 56], [3, 3, 3], [32, 200, 2000, 50], 1_439_752],
  'net-frame-statistics': [[56], 3, [48, 200, 2000, 100], 2_336_024],
  'net-imagehash-gru': [[330], 3, [48, 200, 2000, 50], 101_784],
  'net-inception-conv2d': [[56], 3, [48, 200, 2000, 50], 117_484_328],
  'net-inception-gru': [[56], 3, [48, 200, 2000, 100], 25_221_144],
  'net-inception-lstm': [[56], 3, [48, 200, 2000, 100], 2_494_712],
  'net-mobilenet-gru': [[56], 3, [48, 200, 2000, 100], 7_105_560],
  'net-resnet50-lstm': [[56], 3, [48, 200, 2000, 50], 2_494_712],
  'net-vgg16-gru': [[112], 3, [48, 200, 2000, 100], 4_746_264],
};

/** The original's other 3D nets: crop, the clips that it is taken from, weights with 24 classes, counted by hand from the kernels' sizes. */
const variants: Readonly<Record<string, readonly [number[], { frames: number; size: number }, number]>> = {
  'vgg3d-24x56-wide': [[24, 56, 56], { frames: 30, size: 64 }, 3_288_312],
  'vgg3d-nano': [[27, 16, 16], { frames: 30, size: 18 }, 1_366_448],
  'cnn-lstm-nano-v1': [[28, 16, 16], { frames: 30, size: 18 }, 590_312],
  'cnn-lstm-nano-v2': [[28, 16, 16], { frames: 30, size: 18 }, 1_352_936],
  'convlstm-nano': [[28, 16, 16], { frames: 30, size: 18 }, 11_893_144],
  'vgg3d-54x112': [[54, 112, 112], { frames: 60, size: 126 }, 2_137_720],
  'vgg3d-54x224': [[54, 224, 224], { frames: 60, size: 250 }, 6_911_136],
  'vgg3d-56x224': [[56, 224, 224], { frames: 60, size: 250 }, 4_546_928],
};

const families = await installedFamilies();
const nets = families.filter((family) => family.kind === 'nets');
const fileOf = (net: NetFamily) => require.resolve(`@primatrix/${net.name}/net.json`);
const conv3d = nets.find(({ name }) => name === 'net-conv3d') as NetFamily;
const variantsFolder = join(dirname(fileOf(conv3d)), 'variants');

/** A net at its own size. */
function built(net: NetFamily, profile: Profile) {
  const { crop, feature } = net.settings[profile];
  const { frame } = features[feature] as (typeof features)[string];
  return net.build({ input: [...crop, ...frame.slice(crop.length - 1)], classes, profile });
}

/** What the file says of the number of weights. */
function saidParameters(file: NetFile): Partial<Record<Profile, number | undefined>> {
  return { laptop: file.laptop?.parameters, competition: file.competition?.parameters };
}

test('every row here is of a net that there is', () => {
  expect(nets.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(figures)));
  expect(readdirSync(variantsFolder).map((file) => basename(file, '.json'))).toEqual(Object.keys(variants).sort());
});

test.each(nets)('$name keeps what nets promise', async (net) => {
  // The laptop's, where there is one: conformance trains it.
  const profile = profiles.find((name) => Object.keys(net.settings).includes(name)) as Profile;
  const { feature } = net.settings[profile];
  const input = features[feature]?.small ?? small;
  // Sound is long, and the loss falls at once.
  const steps = feature === 'waveform' ? { steps: 6 } : {};
  expect(await netConformance(net.build({ input, classes: 3, profile }), steps)).toEqual(conformanceChecks);
});

test.each(nets)('$name has as many weights as its file says', (net) => {
  const said = saidParameters(readNetFile(fileOf(net)));
  for (const profile of profiles) {
    if (said[profile] !== undefined) expect(parameterCount(built(net, profile)), profile).toBe(said[profile]);
  }
});

test.each(Object.keys(figures))('%s is trained as the original, with as many weights', (name) => {
  const [crop, crops, training, parameters] = figures[name] as (typeof figures)[string];
  const net = nets.find((family) => family.name === name) as NetFamily;
  const { train, ...settings } = net.settings.competition;
  expect([settings.crop, settings.crops]).toEqual([crop, crops]);
  expect([train?.batch, train?.stepsPerEpoch, train?.maxEpochs, train?.patience]).toEqual(training);
  const spec = built(net, 'competition');
  expect(outputShape(spec)).toEqual([classes]);
  expect(parameterCount(spec)).toBe(parameters);
  expect(saidParameters(readNetFile(fileOf(net))).competition).toBe(parameters);
});

test('the 3D net is trained in two phases, over mirrored clips of slightly other colours', () => {
  const { train } = nets.find(({ name }) => name === 'net-conv3d')?.settings.competition ?? {};
  const sgd = { kind: 'sgd', learningRate: 1e-4, momentum: 0.9, nesterov: true, decay: 1e-6 };
  expect(train?.then).toEqual({ optimizer: sgd, maxEpochs: 2000, patience: 50 });
  expect(train?.augment).toEqual({ flip: true, channelShift: 3, whole: true });
});

test.each(Object.keys(variants))('%s has the layers that its name stands for', (name) => {
  const [crop, clip, parameters] = variants[name] as (typeof variants)[string];
  const path = join(variantsFolder, `${name}.json`);
  const net = netOfFile(path);
  expect(net.name).toBe(name);
  const settings = net.settings.competition;
  expect(settings.crop).toEqual(crop);
  expect(settings.featureSettings ?? { frames: 30, size: 64 }).toEqual(clip);
  expect(crop[0]).toBeLessThan(clip.frames);
  expect(crop[1]).toBeLessThan(clip.size);
  const spec = built(net, 'competition');
  expect(outputShape(spec)).toEqual(name === 'cnn-lstm-nano-v1' ? [28, classes] : [classes]);
  expect(parameterCount(spec)).toBe(parameters);
  expect(saidParameters(readNetFile(path))).toEqual({ competition: parameters });
});
