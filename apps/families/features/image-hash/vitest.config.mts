import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('image-hash-family', import.meta.dirname);
