import { changes, comparisonExitCode, countChanges } from '../evidence/comparison.ts';
import type { Change, ComparedCheck, ComparedRun, Comparison, FailOn } from '../evidence/comparison.ts';
import { groups } from './groups.ts';
import { painter, wrap } from './layout.ts';
import type { Style } from './layout.ts';
import { listed } from './matrix.ts';
import type { TerminalOptions } from './terminal.ts';
import { safeLine } from './text.ts';

/** What a change means, as every format has it. */
export const changeTitles: Record<Change, string> = {
  regressed: 'Regressed',
  gone: 'Gone: only in the old run',
  incomparable: 'Incomparable',
  changed: 'Other evidence, and no worse a verdict',
  fixed: 'Fixed',
  new: 'New: only in the new run',
  unchanged: 'Unchanged',
};

const styles: Record<Change, Style> = {
  regressed: 'red',
  gone: 'yellow',
  incomparable: 'yellow',
  changed: 'cyan',
  fixed: 'green',
  new: 'cyan',
  unchanged: 'dim',
};

/** On a terminal; all of it is in the other formats. */
const mostDifferences = 6;
const differenceLimit = 300;

/** Where a check was judged: `kata-qemu on node-a`, and for a path where it leads. */
export const placeOf = ({ handler, node, to }: Pick<ComparedCheck, 'handler' | 'node' | 'to'>): string =>
  `${safeLine(handler, 60)} on ${safeLine(node, 60)}${to ? ` to ${safeLine(to.handler, 60)} on ${safeLine(to.node, 60)}` : ''}`;

/** `held → breached`, or the one that there is. */
export const verdictsOf = ({ before, after }: ComparedCheck): string =>
  before && after && before.verdict !== after.verdict
    ? `${before.verdict} → ${after.verdict}`
    : ((after ?? before)?.verdict ?? '');

/** A run in a phrase, for the head of a report. */
export const runOf = ({ run, started, version, meaning, handler, interrupted }: ComparedRun): string =>
  `run ${safeLine(run, 40)} of ${safeLine(started, 40)} (cofferdam ${safeLine(version, 40)}, meaning ${meaning}${handler === undefined ? '' : `, handler ${safeLine(handler, 60)}`}${interrupted === undefined ? '' : `; ${safeLine(interrupted, 100)}`})`;

/** The result in a sentence, with its exit code. */
export function comparisonSentence(comparison: Comparison, failOn: FailOn | undefined): string {
  const counts = countChanges(comparison);
  const said = changes.filter((change) => counts[change] > 0).map((change) => `${counts[change]} ${change}`);
  const exitCode = comparisonExitCode(comparison, failOn);
  const gate = {
    0: failOn ? `The gate on ${failOn} is passed` : 'No gate was asked for',
    1: `The gate on ${failOn ?? ''} is not passed`,
    3: `Whether the gate on ${failOn ?? ''} is passed could not be told: what is gone, incomparable, or new and breached or inconclusive, was not shown to be as good as before`,
  }[exitCode];
  return `${said.join(', ') || 'nothing was compared'}. ${gate} (exit code ${exitCode}).`;
}

/** A comparison for a person at a terminal, or in a CI log. */
export function comparisonReport(comparison: Comparison, failOn: FailOn | undefined, options: TerminalOptions): string {
  const { width } = options;
  const paint = painter(options.color);
  const head = [
    ...wrap(`Old: ${runOf(comparison.before)}`, width, 0, 5),
    ...wrap(`New: ${runOf(comparison.after)}`, width, 0, 5),
    ...comparison.surroundings.flatMap(({ what, before, after }) =>
      wrap(`${safeLine(what, 100)}: ${safeLine(before, 200)} → ${safeLine(after, 200)}`, width, 2, 6),
    ),
  ];
  const sections = changes
    .filter((change) => change !== 'unchanged')
    .flatMap((change) => {
      const checks = comparison.checks.filter((one) => one.change === change);
      if (checks.length === 0) return [];
      return ['', paint(styles[change], `${changeTitles[change]} (${checks.length})`), ...sectionOf(checks, width)];
    });
  return [...head, ...sections, '', ...wrap(comparisonSentence(comparison, failOn), width)].join('\n');
}

/** What became the same in the same way in several places is told once. */
function sectionOf(checks: readonly ComparedCheck[], width: number): string[] {
  const alike = groups(checks, (one) =>
    JSON.stringify([one.change === 'incomparable' ? '' : one.check, verdictsOf(one), one.because, one.differences]),
  );
  return alike.flatMap((same) => {
    const [first] = same;
    const names = listed([...new Set(same.map((one) => safeLine(one.check, 120)))], 3);
    const told = first.because ?? (first.change === 'regressed' ? first.after?.reason : undefined);
    const line = `${names} (${listed([...new Set(same.map(placeOf))], 3)}): ${verdictsOf(first)}${told === undefined ? '' : `: ${safeLine(told, differenceLimit)}`}`;
    const more = first.differences.length - mostDifferences;
    return [
      ...wrap(line, width, 2, 6),
      ...first.differences
        .slice(0, mostDifferences)
        .flatMap(({ what, before, after }) =>
          wrap(
            `${safeLine(what, 200)}: ${safeLine(before, differenceLimit)} → ${safeLine(after, differenceLimit)}`,
            width,
            6,
            8,
          ),
        ),
      ...(more > 0 ? [`      and ${more} more`] : []),
    ];
  });
}
