import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** As many files are named as took longest: where time can be saved. */
const slowest = 10;

/**
 * Ends a test run with the files that took longest, and one plain line, `N passed, N failed, N skipped`, for people and
 * for CI.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let [passed, failed, skipped] = [0, 0, 0];
    for (const module of modules) {
      let broken = module.errors().length > 0 ? 1 : 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
      // A file that does not load, or a hook that fails, has no failed test to count.
      for (const suite of module.children.allSuites()) broken += suite.errors().length > 0 ? 1 : 0;
      failed += broken;
    }
    failed += unhandledErrors.length;
    process.stdout.write(`\n${slowestFiles(modules)}\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}

/** A line a file, the slowest first: seconds with set-up and imports, and its path. */
function slowestFiles(modules: readonly TestModule[]): string {
  const times = modules.map((module) => {
    const { collectDuration, duration } = module.diagnostic();
    return { seconds: (collectDuration + duration) / 1000, file: relative(process.cwd(), module.moduleId) };
  });
  times.sort((a, b) => b.seconds - a.seconds);
  return times
    .slice(0, slowest)
    .map(({ seconds, file }) => `${seconds.toFixed(1).padStart(7)} s  ${file}\n`)
    .join('');
}
