import type { Variant } from '../fixtures/variants/variant.ts';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import type { Alarm, Result } from './result.ts';

/** What came of a variant, from the run that it was a part of. */
export function resultOf(
  variant: Variant,
  run: Run,
  versions: Result['versions'],
): Omit<Result, 'schema' | 'suite' | 'meaning' | 'checks'> {
  const cells = run.cells.filter(
    (cell) => cell.tested && cell.runtimeClass !== null && variant.runtimeClasses.includes(cell.runtimeClass),
  );
  const verdicts = run.verdicts.filter((verdict) => cells.some((cell) => cell.handler === verdict.handler));
  const node = run.nodes[0];
  return {
    variant: variant.id,
    finished: run.run.finished,
    ...(run.run.interrupted !== undefined && { trouble: `the run did not come to its end: ${run.run.interrupted}` }),
    ...(node && {
      node: {
        kernel: node.kernel,
        osImage: node.osImage,
        containerRuntime: node.containerRuntime,
        kubelet: node.kubelet,
      },
    }),
    versions,
    verdicts: Object.fromEntries(
      cells.map(({ handler }) => [handler, countsOf(verdicts.filter((verdict) => verdict.handler === handler))]),
    ),
    alarms: verdicts.filter(isAlarm).map(alarmOf),
  };
}

/** A sound configuration has nothing that is breached, and nothing that could not be decided. */
const isAlarm = ({ verdict }: JudgedCheck): boolean => verdict === 'breached' || verdict === 'inconclusive';

const alarmOf = ({ check, handler, to, verdict, reason }: JudgedCheck): Alarm => ({
  check,
  handler,
  ...(to && { to: to.handler }),
  verdict,
  reason,
});

function countsOf(verdicts: readonly JudgedCheck[]): Result['verdicts'][string] {
  const counts: Result['verdicts'][string] = {};
  for (const { verdict } of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

/** Green: every handler of the variant was decided somewhere, and nothing raised an alarm. */
export const isGreen = (result: Result): boolean =>
  result.trouble === undefined &&
  result.alarms.length === 0 &&
  Object.values(result.verdicts).length > 0 &&
  Object.values(result.verdicts).every((counts) => (counts.held ?? 0) > 0);

/** 0: all green. 1: a false alarm. 3: a variant could not be set up, or was not run. */
export function exitCodeOf(results: readonly Result[], planned: number): number {
  if (results.some((one) => one.alarms.length > 0)) return 1;
  return results.length === planned && results.every(isGreen) ? 0 : 3;
}
