import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-inception-lstm', import.meta.dirname);
