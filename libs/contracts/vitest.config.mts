import { packageTests } from '../../vitest.shared.mts';

export default packageTests('contracts', import.meta.dirname);
