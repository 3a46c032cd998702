import { packageTests } from '../../vitest.shared.mts';

export default packageTests('testkit', import.meta.dirname);
