import { packageTests } from '../../vitest.shared.mts';

export default packageTests('dataset', import.meta.dirname);
