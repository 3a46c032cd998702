import { packageTests } from '../../../vitest.shared.mts';

export default packageTests('ensemble', import.meta.dirname);
