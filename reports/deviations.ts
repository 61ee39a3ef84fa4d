import type { AppliedDeviation, JudgedCheck, Run } from '../harness/evidence.ts';
import { safeLine } from './text.ts';

/** A name, and a value that is safe to stand in a report. */
type Fact = [name: string, value: string];

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

/** The same as facts with names, for formats that have properties; empty when it is not accepted. */
export const acceptanceFacts = ({ deviation }: Pick<JudgedCheck, 'deviation'>): Fact[] =>
  deviation
    ? [
        ['deviation.reason', safeLine(deviation.reason)],
        ['deviation.acceptedBy', safeLine(deviation.acceptedBy)],
        ['deviation.expires', safeLine(deviation.expires)],
      ]
    : [];

/** Each deviation that the run was given, accepted or not, so that none is forgotten; empty when it was given no file. */
export function givenFacts({ deviations }: Run): Fact[] {
  if (!deviations) return [];
  const { file, sha256, entries } = deviations;
  const count = (state: AppliedDeviation['state']) => String(entries.filter((one) => one.state === state).length);
  return [
    ['deviations.file', safeLine(`${file}, SHA-256 ${sha256}`)],
    ['deviations.accepted', count('accepted')],
    ['deviations.expired', count('expired')],
    ['deviations.notNeeded', count('not-needed')],
    ['deviations', safeLine(entries.map(deviationSentence).join('; ')) || 'none'],
  ];
}
