import { packageTests } from '../../vitest.shared.mts';

export default packageTests('review-api', import.meta.dirname);
