import { packageTests } from '../../vitest.shared.mts';

export default packageTests('services', import.meta.dirname);
