import { packageTests } from '../../vitest.shared.mts';

export default packageTests('tree-stack', import.meta.dirname);
