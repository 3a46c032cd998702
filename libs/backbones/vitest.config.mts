import { packageTests } from '../../vitest.shared.mts';

export default packageTests('backbones', import.meta.dirname);
