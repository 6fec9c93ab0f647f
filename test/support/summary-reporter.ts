import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What a run came to. */
export interface RunCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts tests. A file that could not be loaded, a hook outside any test and an error outside any test count as one
 * failure each, so that a run with no result is never taken for a good one.
 */
export function countResults(
  modules: readonly TestModule[],
  unhandledErrors: readonly SerializedError[] = [],
): RunCounts {
  const counts: RunCounts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    let failedTests = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed += 1;
      else if (state === 'failed') failedTests += 1;
      else counts.skipped += 1;
    }
    counts.failed += failedTests;
    if (failedTests === 0 && !module.ok()) counts.failed += 1;
  }
  return counts;
}

/** The line that ends a run. */
export const summaryLine = ({ passed, failed, skipped }: RunCounts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * Prints the counts as the very last line, after the coverage and whatever else is reported at the end. A run that
 * ends badly without a failed test (coverage too low, a set-up that failed) says so and counts one failure.
 */
export class SummaryReporter implements Reporter {
  #counts: RunCounts | undefined;

  onInit(): void {
    process.once('exit', (code) => {
      const counts = this.#counts ?? { passed: 0, failed: 0, skipped: 0 };
      if (code !== 0 && counts.failed === 0) {
        counts.failed = 1;
        writeSync(
          1,
          '\nThe run failed outside its tests: see the message above (set-up, coverage, or no tests at all).\n',
        );
      }
      writeSync(1, `\n${summaryLine(counts)}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    this.#counts = countResults(modules, unhandledErrors);
  }
}
