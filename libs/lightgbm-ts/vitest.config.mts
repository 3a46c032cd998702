import { packageTests } from '../../vitest.shared.mts';

export default packageTests('lightgbm-ts', import.meta.dirname);
