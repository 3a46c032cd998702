import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('net-vgg16-gru', import.meta.dirname);
