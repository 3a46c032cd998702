import { packageTests } from '../../vitest.shared.mts';

export default packageTests('report', import.meta.dirname);
