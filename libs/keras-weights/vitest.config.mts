import { packageTests } from '../../vitest.shared.mts';

export default packageTests('keras-weights', import.meta.dirname);
