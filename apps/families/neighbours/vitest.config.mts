import { packageTests } from '../../../vitest.shared.mts';

export default packageTests('neighbours', import.meta.dirname);
