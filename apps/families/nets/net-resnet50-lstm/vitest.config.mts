import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-resnet50-lstm', import.meta.dirname);
