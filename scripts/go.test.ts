import { expect, test } from 'vitest';
import { countGoTests } from './go.ts';

const events = (...all: object[]) => all.map((event) => JSON.stringify(event)).join('\n');

test('a test with subtests counts as these', () => {
  const json = events(
    { Action: 'run', Package: 'p', Test: 'TestA' },
    { Action: 'pass', Package: 'p', Test: 'TestA/one' },
    { Action: 'pass', Package: 'p', Test: 'TestA/two/deep' },
    { Action: 'pass', Package: 'p', Test: 'TestA/two' },
    { Action: 'pass', Package: 'p', Test: 'TestA' },
    { Action: 'skip', Package: 'p', Test: 'TestB' },
    { Action: 'pass', Package: 'q', Test: 'TestA' },
    { Action: 'pass', Package: 'p' },
  );
  expect(countGoTests(json)).toEqual({ passed: 3, failed: 0, skipped: 1, output: '' });
});

test('a failed test is told with what its package printed', () => {
  const json = events(
    { Action: 'output', Package: 'p', Test: 'TestA', Output: '=== RUN   TestA\n' },
    { Action: 'output', Package: 'p', Test: 'TestA', Output: '    a_test.go:7: want 1, got 2\n' },
    { Action: 'fail', Package: 'p', Test: 'TestA' },
    { Action: 'output', Package: 'q', Test: 'TestB', Output: 'chatter of a package that passes\n' },
    { Action: 'pass', Package: 'q', Test: 'TestB' },
    { Action: 'fail', Package: 'p' },
  );
  expect(countGoTests(json)).toEqual({ passed: 1, failed: 1, skipped: 0, output: '    a_test.go:7: want 1, got 2\n' });
});

test('a package that does not compile counts as failed', () => {
  const json = events(
    { ImportPath: 'p [p.test]', Action: 'build-output', Output: './a.go:1:1: syntax error\n' },
    { ImportPath: 'p [p.test]', Action: 'build-fail' },
    { Action: 'fail', Package: 'p', FailedBuild: 'p [p.test]' },
  );
  expect(countGoTests(json)).toEqual({ passed: 0, failed: 1, skipped: 0, output: './a.go:1:1: syntax error\n' });
});
