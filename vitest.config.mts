import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['{apps,libs,tools}/**/vitest.config.mts', 'test'],
    maxWorkers: 2,
    // The dot reporter stays short in logs; the summary must be the last line of all.
    reporters: process.env['CI'] ? ['dot', './vitest.summary.mts'] : ['default', './vitest.summary.mts'],
  },
});
