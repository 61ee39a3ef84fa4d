import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

const minutes = 60_000;
/**
 * Files of end-to-end tests at once: each has a cluster of its own, which keeps a core busy and may grow to six gigabytes, and
 * some bring up one or two more. A cluster that a developer keeps up is shared, so they take turns.
 */
const clustersAtOnce =
  !process.env['COFFERDAM_CLUSTER'] && availableParallelism() >= 2 && totalmem() >= 20 * 2 ** 30 ? 2 : 1;
const never = ['**/node_modules/**', '**/.git/**'];

/** The tests of Cofferdam itself. Judging a stored run is `suites/vitest.config.ts`. */
export default defineConfig({
  // Off the installation, which may be read-only.
  cacheDir: join(tmpdir(), 'cofferdam-vite'),
  test: {
    allowOnly: false,
    passWithNoTests: false,
    // A Ctrl-C goes to the whole process group. Forked workers would die of it before they have cleaned up.
    pool: 'threads',
    teardownTimeout: 5 * minutes,
    reporters: ['default', join(import.meta.dirname, 'scripts', 'graceful-cancel.ts')],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...never, '**/*.e2e.test.ts', '**/*.long.test.ts', 'suites/conformance.test.ts'],
          // Generous: some judge a run a hundred times, and the machine may be busy.
          testTimeout: 2 * minutes,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['**/*.e2e.test.ts'],
          exclude: never,
          maxWorkers: clustersAtOnce,
          // An emulated node on a slow machine needs half an hour for what takes five minutes elsewhere.
          testTimeout: 75 * minutes,
          hookTimeout: 75 * minutes,
        },
      },
      {
        extends: true,
        test: {
          // What goes wrong on a cluster, and runs repeated: too long for every change.
          name: 'long',
          include: ['**/*.long.test.ts'],
          exclude: never,
          // One after the other: they share the machine, and a cluster on it takes most of it.
          fileParallelism: false,
          testTimeout: 30 * minutes,
          hookTimeout: 45 * minutes,
        },
      },
    ],
  },
});
