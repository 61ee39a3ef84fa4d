import { join, resolve } from 'node:path';
import { compareRuns } from '../evidence/compare.ts';
import { comparisonExitCode } from '../evidence/comparison.ts';
import type { Comparison, FailOn } from '../evidence/comparison.ts';
import type { Check } from '../harness/check.ts';
import type { Cell, Run } from '../harness/evidence.ts';
import { writeFileWhole } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import { comparisonReport } from '../reports/comparison.ts';
import { judgedRun } from './compare.ts';
import type { RunFlags } from './options.ts';
import { terminalWidth, wantsColor } from './output.ts';

/** A comparison that a run was asked for, by the name of the file that keeps it. */
export interface NamedComparison {
  fileName: string;
  comparison: Comparison;
}

/** What `--baseline` and `--pair` ask of a run. */
export interface PlannedComparisons {
  /** The RuntimeClasses to test, without the labels that `--pair` gives them. */
  runtimeClasses: string[];
  /** Throws a UsageError when the cells do not have what is to be compared. Nothing was created yet. */
  check(cells: readonly Cell[]): void;
  of(run: Run, checks: ReadonlyMap<string, Check>): NamedComparison[];
}

/** Reads the flags, and the baseline, before anything is created. */
export function plannedComparisons({ baseline, pair, runtimeClass }: RunFlags): PlannedComparisons {
  const before = baseline === undefined ? undefined : judgedRun(resolve(baseline));
  const classes = pair ? labelled(runtimeClass) : undefined;
  const named = runtimeClass.find((name) => name.includes('='));
  if (!classes && named !== undefined) throw new UsageError(`--runtime-class ${named}: a label is for --pair`);
  const handlerOf = (name: string, cells: readonly Cell[]) => cells.find((one) => one.runtimeClass === name)?.handler;
  return {
    runtimeClasses: classes ? [classes.old, classes.new] : runtimeClass,
    check(cells) {
      if (!classes) return;
      const [old, now] = [handlerOf(classes.old, cells), handlerOf(classes.new, cells)];
      if (old === now) {
        throw new UsageError(
          `--pair: RuntimeClasses ${classes.old} and ${classes.new} both have handler ${old ?? 'none'}, so there are no two sides to compare`,
        );
      }
    },
    of(run, checks) {
      const comparisons: NamedComparison[] = [];
      if (before) comparisons.push({ fileName: 'comparison.json', comparison: compareRuns(before, run, checks) });
      const [old, now] = classes ? [handlerOf(classes.old, run.cells), handlerOf(classes.new, run.cells)] : [];
      if (old !== undefined && now !== undefined) {
        const pairing = { nodes: new Map<string, string>(), handlers: new Map([[old, now]]), onlyPaired: true };
        comparisons.push({ fileName: 'comparison-pair.json', comparison: compareRuns(run, run, checks, pairing) });
      }
      return comparisons;
    },
  };
}

/** `old=NAME` and `new=NAME`. */
function labelled(values: readonly string[]): { old: string; new: string } {
  const byLabel = new Map(values.map((value) => [value.split('=')[0] ?? '', value.split('=').slice(1).join('=')]));
  const [old, now] = [byLabel.get('old'), byLabel.get('new')];
  if (values.length !== 2 || !old || !now) {
    throw new UsageError('--pair takes exactly --runtime-class old=NAME and --runtime-class new=NAME');
  }
  return { old, new: now };
}

/** Keeps the comparisons beside the run, before it is sealed. */
export function writeComparisons(directory: string, compared: readonly NamedComparison[]): void {
  for (const { fileName, comparison } of compared) {
    writeFileWhole(join(directory, fileName), `${JSON.stringify(comparison, undefined, 1)}\n`);
  }
}

export const comparisonText = ({ comparison }: NamedComparison, failOn: FailOn): string =>
  comparisonReport(comparison, failOn, { color: wantsColor(), width: terminalWidth() });

/** The exit code of a run with comparisons: the run's own when that is not 0, else the worst of theirs. */
export function gated(exitCode: number, compared: readonly NamedComparison[], failOn: FailOn): number {
  const gates = compared.map(({ comparison }) => comparisonExitCode(comparison, failOn));
  return exitCode !== 0 ? exitCode : gates.includes(1) ? 1 : gates.includes(3) ? 3 : 0;
}
