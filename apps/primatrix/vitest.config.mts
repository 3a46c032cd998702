import { packageTests } from '../../vitest.shared.mts';

export default packageTests('primatrix', import.meta.dirname);
