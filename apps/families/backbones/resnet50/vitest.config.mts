import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('backbone-resnet50', import.meta.dirname);
