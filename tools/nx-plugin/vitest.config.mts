import { packageTests } from '../../vitest.shared.mts';

export default packageTests('nx-plugin', import.meta.dirname);
