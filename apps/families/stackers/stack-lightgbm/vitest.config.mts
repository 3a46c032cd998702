import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('stack-lightgbm', import.meta.dirname);
