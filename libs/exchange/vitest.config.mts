import { packageTests } from '../../vitest.shared.mts';

export default packageTests('exchange', import.meta.dirname);
