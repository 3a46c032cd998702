import { packageTests } from '../../vitest.shared.mts';

export default packageTests('metrics', import.meta.dirname);
