import { packageTests } from '../../vitest.shared.mts';

export default packageTests('prediction', import.meta.dirname);
