import { packageTests } from '../../vitest.shared.mts';

export default packageTests('checks', import.meta.dirname);
