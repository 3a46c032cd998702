import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-mobilenet-gru', import.meta.dirname);
