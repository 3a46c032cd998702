import { packageTests } from '../../vitest.shared.mts';

export default packageTests('xgboost-ts', import.meta.dirname);
