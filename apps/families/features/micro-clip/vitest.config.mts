import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('micro-clip', import.meta.dirname);
