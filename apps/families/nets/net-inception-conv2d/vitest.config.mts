import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-inception-conv2d', import.meta.dirname);
