import { packageTests } from '../../vitest.shared.mts';

export default packageTests('scaling', import.meta.dirname);
