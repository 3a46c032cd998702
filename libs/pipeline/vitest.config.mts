import { packageTests } from '../../vitest.shared.mts';

export default packageTests('pipeline', import.meta.dirname);
