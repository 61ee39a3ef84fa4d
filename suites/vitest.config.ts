import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Judging stored evidence; `COFFERDAM_RUN=DIR npx vitest --config suites/vitest.config.ts` to look closer. */
export default defineConfig({
  // Off the installation, which may be read-only.
  cacheDir: join(tmpdir(), 'cofferdam-vite'),
  test: {
    root: import.meta.dirname,
    include: ['conformance.test.ts'],
    pool: 'threads',
    reporters: process.env['COFFERDAM_VERDICTS'] ? [join(import.meta.dirname, 'verdict-reporter.ts')] : ['default'],
  },
});
