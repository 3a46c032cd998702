import { packageTests } from '../../vitest.shared.mts';

export default packageTests('visualiser', import.meta.dirname);
