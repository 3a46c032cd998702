import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('audio-features', import.meta.dirname);
