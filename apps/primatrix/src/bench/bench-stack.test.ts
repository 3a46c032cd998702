import { describe, expect, it } from 'vitest';
import { libraries } from './bench-run.ts';
import { benchStack } from './bench-stack.ts';

describe('benchStack', () => {
  it.each(libraries)('compares %s with its native program, to the last bit', { timeout: 300_000 }, async (library) => {
    const lines: string[] = [];
    const result = await benchStack({
      rows: 600,
      columns: 30,
      classes: 4,
      rounds: 5,
      threads: 1,
      repeats: 1,
      only: [library],
      report: (line) => lines.push(line),
    });
    const measured = result.libraries[library];
    expect(measured?.predictionsEqual).toBe(true);
    expect(measured?.timeRatio).toBeGreaterThan(0);
    // Both are the processes' own, not that of the tests, which is far above 100 MB.
    expect(measured?.native.peakBytes).toBeGreaterThan(1e6);
    expect(measured?.native.peakBytes).toBeLessThan(100e6);
    expect(measured?.memoryRatio).not.toBeNaN();
    expect(Object.keys(result.libraries)).toEqual([library]);
    expect(lines.map((line) => line.split(':')[0])).toEqual(['native', 'binding'].map((side) => `${library}, ${side}`));
  });

  it('refuses an unknown library before any work', async () => {
    await expect(benchStack({ only: ['catboost'] })).rejects.toThrow(/there is no library 'catboost'/);
  });
});
