import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import {
  descriptorNames,
  descriptorTensor,
  frameCount,
  frameSize,
  hopSize,
  soundDescriptors,
  soundSampleRate,
  summariseDescriptors,
  type SoundDescriptors,
} from '@primatrix/sound';
import { noSettings, parseSettings } from '@primatrix/contracts';
import { noWeights, type ClipExtraction, type FeatureFamily } from '@primatrix/families';
import { packageOf } from '@primatrix/files';

const { version } = packageOf(import.meta.url);

/** Descriptors of every frame of the sound, [frames, 78], and their summary over time as columns for the second level. */
export const family: FeatureFamily = {
  kind: 'features',
  name: 'audio',
  version,
  summary: 'loudness, spectrum, MFCC, chroma and mel bands of the sound, and their summary over time',
  // A frame costs less than a millisecond: both profiles hear all of them.
  settings: { laptop: {}, competition: {} },
  rowsAlone: ['laptop'],
  rowShape(settings) {
    parseSettings(settings, noSettings, { name: family.name, example: '{}' });
    return [descriptorNames.length];
  },
  weightsDigest: async () => null,
  async open(settings) {
    parseSettings(settings, noSettings, { name: family.name, example: '{}' });
    return {
      weights: noWeights,
      pixels: 'none',
      sound: { sampleRate: soundSampleRate },
      start: () => describeClip(),
      dispose: async () => undefined,
    };
  },
};

function describeClip(): ClipExtraction {
  let heard: SoundDescriptors = { frames: 0, values: new Float32Array() };
  return {
    wants: () => false,
    push: () => undefined,
    async listen(samples) {
      heard = await describeInTurns(samples);
    },
    finish: async () => ({ tensor: descriptorTensor(heard), row: summariseDescriptors(heard) }),
  };
}

/** Frames described without a break: some 100 ms of work, so that an hour of sound does not stop the process. */
const framesAtOnce = 256;

async function describeInTurns(samples: Int16Array): Promise<SoundDescriptors> {
  const frames = frameCount(samples.length);
  const values = new Float32Array(frames * descriptorNames.length);
  for (let first = 0; first < frames; first += framesAtOnce) {
    const last = Math.min(first + framesAtOnce, frames) - 1;
    values.set(
      soundDescriptors(samples.subarray(first * hopSize, last * hopSize + frameSize)).values,
      first * descriptorNames.length,
    );
    await eventLoopTurn();
  }
  return { frames, values };
}
