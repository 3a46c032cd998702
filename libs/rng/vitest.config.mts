import { packageTests } from '../../vitest.shared.mts';

export default packageTests('rng', import.meta.dirname);
