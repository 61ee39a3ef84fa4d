import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const minutes = 60_000;
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
          // One after the other: each has a cluster of its own, and two emulated ones together are hardly faster than in
          // turn (they wait for the machine's memory), and so slow that deadlines run out.
          fileParallelism: false,
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
