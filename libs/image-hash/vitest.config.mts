import { packageTests } from '../../vitest.shared.mts';

export default packageTests('image-hash', import.meta.dirname);
