import { packageTests } from '../../vitest.shared.mts';

export default packageTests('tensor-store', import.meta.dirname);
