import { packageTests } from '../../vitest.shared.mts';

export default packageTests('sample-dataset', import.meta.dirname);
