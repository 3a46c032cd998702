import { mergeConfig } from 'vitest/config';
import { packageTests } from '../vitest.shared.mts';

export default mergeConfig(packageTests('test', import.meta.dirname), {
  test: { include: ['{browser,e2e,fault,golden}/**/*.test.ts'], globalSetup: ['./support/trained-sample.ts'], testTimeout: 240_000 },
});
