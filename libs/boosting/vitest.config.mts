import { packageTests } from '../../vitest.shared.mts';

export default packageTests('boosting', import.meta.dirname);
