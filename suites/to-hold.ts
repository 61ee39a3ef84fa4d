import type { JudgedCheck } from '../harness/evidence.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** The place in the roster of what this test judges. */
    planned?: number;
    verdict?: JudgedCheck;
  }
  // The parameters have to be vitest's own for the declarations to merge.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** Passes when the verdict is `held`. */
    toHold(): R;
  }
}

/** The matcher of the conformance tests: the message is the one a reader of the terminal gets. */
export function toHold(verdict: JudgedCheck): { pass: boolean; message: () => string } {
  return {
    pass: verdict.verdict === 'held',
    message: () =>
      [
        `${verdict.check} is ${verdict.verdict} under ${verdict.handler} on ${verdict.node}`,
        `  ${verdict.reason}`,
        `  expected: ${verdict.expected}`,
        `  observed: ${verdict.observed}`,
        `  control:  ${verdict.control}`,
      ].join('\n'),
  };
}
