import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-frame-statistics', import.meta.dirname);
