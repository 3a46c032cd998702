import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('stack-dense', import.meta.dirname);
