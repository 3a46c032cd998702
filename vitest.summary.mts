import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

/** As many files are named as took longest: where time can be saved. */
const slowest = 10;

/**
 * Ends a test run with the files that took longest, what failed and why, and one plain line, `N passed, N failed, N
 * skipped`, for people and for CI. What failed is named here once more, as of a long log often only the end is kept.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let [passed, skipped] = [0, 0];
    const failures: string[] = unhandledErrors.map((error) => `outside of any test: ${firstLine(error)}`);
    for (const module of modules) {
      // A file that does not load, or a hook that fails, has no failed test to count.
      for (const broken of [module, ...module.children.allSuites()]) {
        if (broken.errors().length > 0) failures.push(failure(module, broken, broken.errors()));
      }
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failures.push(failure(module, test, errors ?? []));
        else skipped += 1;
      }
    }
    const failed = failures.map((line) => `failed: ${line}\n`).join('');
    process.stdout.write(
      `\n${slowestFiles(modules)}\n${failed}${passed} passed, ${failures.length} failed, ${skipped} skipped\n`,
    );
  }
}

/** The place of a failure and the first line of what it says. */
function failure(module: TestModule, at: TestModule | TestSuite | TestCase, errors: readonly unknown[]): string {
  const name = at.type === 'module' ? 'the file' : at.fullName;
  return `${relative(process.cwd(), module.moduleId)}: ${name}: ${firstLine(errors[0])}`;
}

function firstLine(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return String(message ?? error).split('\n', 1)[0] as string;
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
