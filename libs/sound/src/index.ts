export { descriptorTensor } from './descriptor-tensor.ts';
export { descriptorNames, soundDescriptors } from './sound-descriptors.ts';
export type { SoundDescriptors } from './sound-descriptors.ts';
export { frameCount, frameSize, framesPerSecond, hopSize, soundSampleRate } from './sound-frames.ts';
export {
  soundSpectrogram,
  spectrogramBandHz,
  spectrogramBands,
  spectrogramColumns,
  spectrogramRange,
} from './sound-spectrogram.ts';
export { summariseDescriptors, summaryNames } from './summarise-descriptors.ts';
