import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('backbone-mobilenet-v2', import.meta.dirname);
