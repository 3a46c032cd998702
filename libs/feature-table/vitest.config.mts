import { packageTests } from '../../vitest.shared.mts';

export default packageTests('feature-table', import.meta.dirname);
