import { packageTests } from '../../vitest.shared.mts';

export default packageTests('watching', import.meta.dirname);
