import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { SummaryReporter } from './test/support/summary-reporter.ts';

export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/db/tables.ts'],
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
      reportOnFailure: true,
      thresholds: { lines: 80 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          setupFiles: ['test/support/fast-check-seed.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.integration.test.ts'],
          // Against hanging alone: a busy machine may stand still for ten seconds.
          testTimeout: 30_000,
          // Modules are loaded once per worker: a third of the time goes into loading otherwise, and nothing is global.
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          setupFiles: ['test/support/fast-check-seed.ts'],
          // Real servers on a busy machine: one more try, which the report shows beside the test's name.
          retry: 1,
          include: ['test/**/*.integration.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          // Loaded once per worker, as above.
          isolate: false,
          // Each file brings processes of its own (browser, workers, servers): two at once is what two cores bear.
          maxWorkers: 2,
          // Against hanging alone: a busy machine takes three times as long, and figures of time belong to bench/.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // After the unit tests, which would otherwise compete with them for time.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
