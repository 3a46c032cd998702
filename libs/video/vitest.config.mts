import { packageTests } from '../../vitest.shared.mts';

export default packageTests('video', import.meta.dirname);
