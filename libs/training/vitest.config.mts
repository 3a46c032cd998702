import { packageTests } from '../../vitest.shared.mts';

export default packageTests('training', import.meta.dirname);
