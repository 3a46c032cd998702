import { packageTests } from '../../vitest.shared.mts';

export default packageTests('native-boosting', import.meta.dirname);
