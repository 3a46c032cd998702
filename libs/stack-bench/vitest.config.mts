import { packageTests } from '../../vitest.shared.mts';

export default packageTests('stack-bench', import.meta.dirname);
