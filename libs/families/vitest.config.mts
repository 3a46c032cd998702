import { packageTests } from '../../vitest.shared.mts';

export default packageTests('families', import.meta.dirname);
