import { packageTests } from '../../vitest.shared.mts';

export default packageTests('files', import.meta.dirname);
