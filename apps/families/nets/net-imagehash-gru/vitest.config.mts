import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-imagehash-gru', import.meta.dirname);
