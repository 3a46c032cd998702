import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { projects: ['libs/*', 'apps/*', 'tools/*', 'test'], passWithNoTests: true, maxWorkers: 2 },
});
