import { packageTests } from '../../../../vitest.shared.mts';

export default packageTests('backbone-inception-v3', import.meta.dirname);
