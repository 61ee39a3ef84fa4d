/** What a run of vitest came to. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that counts. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/**
 * Counts the tests of a JSON report. A file that could not even be loaded counts as a failed test, because it hides
 * some; unless the run was cancelled, which leaves files unloaded that have nothing wrong.
 */
export function countVitest(json: string, cancelled = false): Counts {
  const report = JSON.parse(json) as Report;
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + (cancelled ? 0 : unloaded.length),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
