import { packageTests } from '../../vitest.shared.mts';

export default packageTests('gateway', import.meta.dirname);
