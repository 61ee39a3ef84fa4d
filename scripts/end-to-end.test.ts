import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endToEndFiles } from './end-to-end.ts';

const commits = Array.from({ length: 20 }, (_, index) => `commit ${index}`);

test('every file of end-to-end tests is among those that npm test runs', () => {
  const found = globSync(
    '{cli,evidence,fixtures,harness,probes,prove,reports,scripts,suites,variants}/**/*.e2e.test.ts',
    {
      cwd: join(import.meta.dirname, '..'),
    },
  );
  expect(endToEndFiles('any').toSorted()).toEqual(found.toSorted());
});

test('the run of all checks comes first, and each of the long ones before the other for some commit', () => {
  const orders = commits.map(endToEndFiles);
  expect(new Set(orders.map((order) => order[0]))).toEqual(new Set(['harness/conformance.e2e.test.ts']));
  expect(new Set(orders.map((order) => order.at(-1)))).toEqual(
    new Set(['harness/paths.e2e.test.ts', 'prove/prove.e2e.test.ts']),
  );
});

test('the same commit has the same order', () => {
  for (const commit of commits) expect(endToEndFiles(commit)).toEqual(endToEndFiles(commit));
});
