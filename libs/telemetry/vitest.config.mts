import { packageTests } from '../../vitest.shared.mts';

export default packageTests('telemetry', import.meta.dirname);
