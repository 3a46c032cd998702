import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('stack-xgboost', import.meta.dirname);
