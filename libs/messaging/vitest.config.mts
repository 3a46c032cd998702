import { packageTests } from '../../vitest.shared.mts';

export default packageTests('messaging', import.meta.dirname);
