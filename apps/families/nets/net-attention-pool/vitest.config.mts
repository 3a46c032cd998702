import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-attention-pool', import.meta.dirname);
