import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-audio-conv1d', import.meta.dirname);
