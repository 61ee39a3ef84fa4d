import { nameOf } from '../fixtures/breaches/breach.ts';
import type { Pair } from '../fixtures/breaches/breach.ts';
import { safeText } from '../reports/text.ts';
import { isCaught } from './outcome.ts';
import type { PairOutcome, ProveRecord, Seen } from './record.ts';

/** What there is to plant, and what has to notice each. */
export function breachList(pairs: readonly Pair[]): string {
  const lines = pairs.flatMap((pair) => [
    nameOf(pair),
    `    ${pair.breach.breaks}`,
    ...pair.expected.map((check) => `    breached: ${check}`),
  ]);
  const distinct = new Set(pairs.map((pair) => pair.breach.id)).size;
  return [...lines, '', `${distinct} breaches, ${pairs.length} pairs of a breach and a handler`].join('\n');
}

/** The result as a terminal shows it: a line for each that was caught, the reasons for each that was not. */
export function proofText(record: ProveRecord): string {
  const { outcomes, planned, withoutBreach } = record;
  const explained = Object.entries(withoutBreach).map(([check, why]) => `  ${check}: ${why}`);
  const left = planned.length - outcomes.length;
  return [
    ...outcomes.flatMap(outcomeLines),
    '',
    ...(explained.length ? ['Checks that no breach turns red:', ...explained, ''] : []),
    conclusionOf(record),
    ...(left ? [`${left} are left: the same command with --out goes on.`] : []),
  ]
    .map((line) => safeText(line))
    .join('\n');
}

/** The sentence that a later run can cite. */
export function conclusionOf({ outcomes, planned, suite, node }: ProveRecord): string {
  const caught = outcomes.filter(isCaught).length;
  const where = node ? ` on ${node.osImage}, Linux ${node.kernel}, ${node.containerRuntime}` : '';
  return `Cofferdam ${suite.version} caught ${caught} of ${planned.length} planted breaches${where}.`;
}

function outcomeLines(outcome: PairOutcome): string[] {
  const { pair, breaks, notPlanted, caught, missed, alsoRed, undecided } = outcome;
  if (notPlanted !== undefined) return [`✗ ${pair}: not planted: ${notPlanted}`];
  const told = (what: string, all: readonly Seen[]) =>
    all.map(({ check, verdict, reason }) => `    ${what}: ${check} (${verdict}: ${reason})`);
  return [
    `${isCaught(outcome) ? '✓' : '✗'} ${pair}: ${breaks}`,
    ...caught.map(({ check }) => `    caught by ${check}`),
    ...told('missed', missed),
    ...told('also red', alsoRed),
    ...(undecided.length ? [`    could not be decided: ${undecided.map(({ check }) => check).join(', ')}`] : []),
  ];
}
