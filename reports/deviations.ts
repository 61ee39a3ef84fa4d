import type { AppliedDeviation, JudgedCheck, Run } from '../harness/evidence.ts';

/** By whom, until when and why a verdict is accepted; undefined when it is not. */
export const acceptance = ({ deviation }: Pick<JudgedCheck, 'deviation'>): string | undefined =>
  deviation && `accepted until ${deviation.expires} by ${deviation.acceptedBy}: ${deviation.reason}`;

/** A deviation, and what became of it, in a sentence. */
export function deviationSentence(deviation: AppliedDeviation): string {
  const { check, handler, nodes, verdict, reason, acceptedBy, expires, state, selected, matched } = deviation;
  const what = `${check} under ${handler}${nodes === '*' ? '' : ` on ${nodes}`}, ${verdict}`;
  const who = `${acceptedBy}: ${reason}`;
  switch (state) {
    case 'accepted':
      return `${what}: accepted until ${expires} by ${who} (${matched} ${matched === 1 ? 'verdict' : 'verdicts'})`;
    case 'expired':
      return matched > 0
        ? `${what}: EXPIRED on ${expires}, so it accepts nothing; it was accepted by ${who}`
        : `${what}: expired on ${expires}, and no longer needed: take it out of the file`;
    case 'not-needed':
      return selected > 0
        ? `${what}: no longer needed, because none of the ${selected} verdicts is ${verdict}: take it out of the file`
        : `${what}: it selects no verdict of this run`;
  }
}

/** How many deviations are in each state; undefined when the run was given none. */
export function countDeviations({ deviations }: Run): Record<AppliedDeviation['state'], number> | undefined {
  if (!deviations) return undefined;
  const counts = { accepted: 0, expired: 0, 'not-needed': 0 };
  for (const { state } of deviations.entries) counts[state]++;
  return counts;
}
