import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('audio-waveform', import.meta.dirname);
