import { packageTests } from '../../vitest.shared.mts';

export default packageTests('nets', import.meta.dirname);
