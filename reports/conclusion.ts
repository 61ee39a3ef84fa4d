import type { Run } from '../harness/evidence.ts';
import { exitCodes, judgeRun } from '../harness/judge/judge.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { safeLine } from './text.ts';

/** How many verdicts of each kind a run has. */
export function countVerdicts(run: Run): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { held: 0, breached: 0, inconclusive: 0, exposed: 0, 'not-applicable': 0 };
  for (const { verdict } of run.verdicts) counts[verdict]++;
  return counts;
}

/** What makes a run as a whole undecided, whatever its verdicts say. */
export interface Shortcoming {
  /** Stable: it is the name of a test case. */
  name: string;
  type: string;
  reason: string;
}

/** What nobody accepted: it alone decides about the run. */
const unaccepted = (run: Run): Run => ({ ...run, verdicts: run.verdicts.filter((one) => !one.deviation) });

/** Why the run as a whole is not to be relied on; empty when it is. Silence would be green. */
export function shortcomings(run: Run): Shortcoming[] {
  const { held, breached, exposed } = countVerdicts(unaccepted(run));
  const found: Shortcoming[] = [];
  if (run.run.interrupted !== undefined) {
    found.push({
      name: 'run-came-to-its-end',
      type: 'Interrupted',
      reason: `the run was interrupted: ${safeLine(run.run.interrupted)}`,
    });
  }
  if (run.verdicts.length !== run.roster.length) {
    const reason = `${run.roster.length} verdicts were planned, there are ${run.verdicts.length}`;
    found.push({ name: 'every-planned-check-has-a-verdict', type: 'VerdictsMissing', reason });
  }
  if (held + breached + exposed === 0) {
    found.push({
      name: 'some-check-was-decided',
      type: 'NothingDecided',
      reason: 'no check was decided: the run says nothing about this cluster',
    });
  }
  return found;
}

/** The verdict of a run, its exit code, and both in a sentence. */
export interface Conclusion {
  verdict: 'held' | 'breached' | 'inconclusive';
  exitCode: 0 | 1 | 3;
  /** `Conformant`, and so on. */
  title: string;
  /** Why, without a full stop. */
  because: string;
  /** All of it. */
  sentence: string;
}

/** Judges the run as a whole. A verdict that somebody accepted fails no run, and the sentence says so. */
export function conclude(run: Run): Conclusion {
  const open = unaccepted(run);
  const counts = countVerdicts(open);
  const accepted = run.verdicts.length - open.verdicts.length;
  const short = shortcomings(run);
  const verdict = judgeRun(
    open.verdicts.map((one) => one.verdict),
    short.length === 0,
  );
  const exitCode = exitCodes[verdict];
  const butFor = accepted > 0 ? ` but for ${many(accepted, 'accepted deviation')}` : '';
  const title = `${titles[verdict]}${verdict === 'held' ? butFor : ''}`;
  const because = say();
  return { verdict, exitCode, title, because, sentence: `${title} (exit code ${exitCode}): ${because}.` };

  function say(): string {
    const reasons = short.map((one) => one.reason);
    if (counts.inconclusive > 0) reasons.push(`${many(counts.inconclusive, 'verdict')} could not be decided`);
    switch (verdict) {
      case 'breached': {
        const more = reasons.length ? `, and there may be more: ${reasons.join('; ')}` : '';
        return `${many(counts.breached, 'boundary', 'boundaries')} did not hold${more}`;
      }
      case 'inconclusive':
        return `${reasons.join('; ')}, so conformance was not shown`;
      case 'held':
        if (counts.held === 0)
          return `nothing was breached${butFor}, but nothing held either: no handler that was tested claims a boundary that was tried`;
        return accepted > 0
          ? `${many(counts.held, 'verdict')} held; ${many(accepted, 'verdict')} that did not ${accepted === 1 ? 'is' : 'are'} accepted by a deviation until it expires`
          : `${many(counts.held, 'verdict')} held and none was breached`;
    }
  }
}

const titles = { held: 'Conformant', breached: 'Breached', inconclusive: 'Not decided' } as const;

/** `1 verdict`, `2 verdicts`. */
export const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;
