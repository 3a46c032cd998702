import { packageTests } from '../../vitest.shared.mts';

export default packageTests('deploy', import.meta.dirname);
