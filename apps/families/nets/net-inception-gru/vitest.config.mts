import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-inception-gru', import.meta.dirname);
