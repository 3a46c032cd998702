import { defineConfig, type ViteUserConfig } from 'vitest/config';

const sourceConditions = ['@primatrix/source', 'node', 'import', 'default'];

/**
 * Test settings that every package shares: tests beside the source, packages linked by their
 * sources (no build needed), one process a file, because native libraries do not share well.
 */
export function packageTests(name: string, root: string): ViteUserConfig {
  return defineConfig({
    root,
    resolve: { conditions: sourceConditions },
    ssr: { resolve: { conditions: sourceConditions, externalConditions: sourceConditions } },
    test: {
      name,
      include: ['src/**/*.test.ts'],
      passWithNoTests: true,
      pool: 'forks',
      restoreMocks: true,
      testTimeout: 60_000,
      hookTimeout: 600_000,
    },
  });
}
