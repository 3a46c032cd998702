import { packageTests } from '../../vitest.shared.mts';

export default packageTests('web', import.meta.dirname);
