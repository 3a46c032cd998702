import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('backbone-vgg16', import.meta.dirname);
