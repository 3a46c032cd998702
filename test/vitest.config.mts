import { mergeConfig } from 'vitest/config';
import { packageTests } from '../vitest.shared.mts';

// What takes long and measures: see README.md.
const load = process.env['PRIMATRIX_LOAD'] === undefined ? [] : ['load/**/*.test.ts'];

export default mergeConfig(packageTests('test', import.meta.dirname), {
  test: {
    include: ['{browser,docs,e2e,fault,golden,release,services}/**/*.test.ts', ...load],
    globalSetup: ['./support/trained-sample.ts'],
    testTimeout: 240_000,
  },
});
