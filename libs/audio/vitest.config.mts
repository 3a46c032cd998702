import { packageTests } from '../../vitest.shared.mts';

export default packageTests('audio', import.meta.dirname);
