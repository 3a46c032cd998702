import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-conv3d', import.meta.dirname);
