import { packageTests } from '../../vitest.shared.mts';

export default packageTests('evaluations', import.meta.dirname);
