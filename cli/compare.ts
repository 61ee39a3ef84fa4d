import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { compareRuns } from '../evidence/compare.ts';
import { comparisonExitCode } from '../evidence/comparison.ts';
import type { Comparison, FailOn } from '../evidence/comparison.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import { meaningVersion } from '../harness/evidence.ts';
import type { Run } from '../harness/evidence.ts';
import { judgeStored } from '../harness/judging.ts';
import { writeFileWhole } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import { comparisonHtml } from '../reports/comparison-html.ts';
import { checkComparisonJunit, comparisonJunit } from '../reports/comparison-junit.ts';
import { comparisonReport } from '../reports/comparison.ts';
import { refusePlaces, requestOf } from '../reports/index.ts';
import { loadRun } from './load.ts';
import { each } from './options.ts';
import { print, terminalWidth, wantsColor } from './output.ts';

interface Format {
  fileName: string;
  render: (comparison: Comparison, failOn: FailOn | undefined) => string;
  /** Reads back what was written. Throws when it says anything else than the comparison. */
  check?: (written: string, comparison: Comparison, failOn: FailOn | undefined) => void;
}

const formats: Record<'html' | 'junit' | 'json', Format> = {
  html: { fileName: 'comparison.html', render: comparisonHtml },
  junit: { fileName: 'comparison.xml', render: comparisonJunit, check: checkComparisonJunit },
  json: { fileName: 'comparison.json', render: (comparison) => `${JSON.stringify(comparison, undefined, 1)}\n` },
};

interface Flags {
  failOn?: FailOn;
  json?: boolean;
  report: { format: Format; path?: string }[];
  judgeAgain?: boolean;
  node: Map<string, string>;
  handler: Map<string, string>;
}

export function addCompare(program: Command): void {
  program
    .command('compare <old> <new>')
    .description('compare two stored runs, check by check and observation by observation')
    .addOption(
      new Option('--fail-on <what>', 'exit with 1 on regressions only, or on any change').choices([
        'regressions',
        'any',
      ]),
    )
    .option('--json', 'print the comparison as JSON')
    .addOption(
      new Option(
        '--report <name[=path]>',
        `write ${Object.keys(formats).join(', ')}, to ${formats.html.fileName} and so on or to PATH; repeat for several`,
      )
        .argParser(each((text) => requestOf<Format>(text, formats)))
        .default([], 'none'),
    )
    .option('--judge-again', 'judge both runs by the rules of this version first, so that their meaning is one')
    .addOption(
      new Option('--node <old=new>', 'the node of OLD that goes with one of NEW; repeat for several')
        .argParser(pair)
        .default(new Map(), 'by name'),
    )
    .addOption(
      new Option(
        '--handler <old=new>',
        'compare one handler of OLD with one of NEW, and nothing else; OLD and NEW may be one run',
      )
        .argParser(pair)
        .default(new Map(), 'each with its own'),
    )
    .addHelpText(
      'after',
      `
Values that differ between any two runs, such as boot ids, pids and times, are left out: INTERPRETING.md says which.

Exit codes: 0 passed, or no gate was asked for; 1 the gate is not passed; 2 OLD or NEW is no judged run; 3 --fail-on is
given, and checks are incomparable, or for regressions gone, or new and breached or inconclusive. With 2, nothing was written.`,
    )
    .action(async (before: string, after: string, flags: Flags) => {
      const files = flags.report.map(({ format, path }) => resolve(path ?? format.fileName));
      refusePlaces(files, [resolve(before), resolve(after)]);
      const prepare = (directory: string) => prepared(resolve(directory), flags.judgeAgain === true);
      const [old, now] = [await prepare(before), await prepare(after)];
      const pairing = { nodes: flags.node, handlers: flags.handler, onlyPaired: flags.handler.size > 0 };
      knows(old, now, flags);
      const comparison = compareRuns(old, now, await loadCatalogue(), pairing);
      const rendered = flags.report.map(({ format }) => format.render(comparison, flags.failOn));
      rendered.forEach((text, index) => {
        const file = files[index] ?? '';
        mkdirSync(dirname(file), { recursive: true });
        writeFileWhole(file, text);
      });
      flags.report.forEach(({ format }, index) =>
        format.check?.(readFileSync(files[index] ?? '', 'utf8'), comparison, flags.failOn),
      );
      print(
        flags.json
          ? formats.json.render(comparison, flags.failOn)
          : comparisonReport(comparison, flags.failOn, { color: wantsColor(), width: terminalWidth() }),
      );
      process.exitCode = comparisonExitCode(comparison, flags.failOn);
    });
}

/** A judged run, or wrong usage. */
async function prepared(directory: string, again: boolean): Promise<Run> {
  const run = judgedRun(directory);
  if (!again) return run;
  return { ...run, meaning: meaningVersion, verdicts: await judgeStored(directory, run) };
}

/** The run in a directory, which has to have its verdicts. */
export function judgedRun(directory: string): Run {
  const run = loadRun(directory);
  if (run.verdicts.length !== run.roster.length) {
    throw new UsageError(
      `${directory} has ${run.verdicts.length} of ${run.roster.length} planned verdicts, so it cannot be compared: the run was stopped before it was judged`,
    );
  }
  return run;
}

/** A name that no run knows pairs nothing, and would compare less than was asked for. */
function knows(old: Run, now: Run, { node, handler }: Flags): void {
  const check = (option: string, pairs: ReadonlyMap<string, string>, names: (run: Run) => readonly string[]) => {
    for (const [before, after] of pairs) {
      if (!names(old).includes(before))
        throw new UsageError(`--${option} ${before}=${after}: OLD has ${names(old).join(', ')}`);
      if (!names(now).includes(after))
        throw new UsageError(`--${option} ${before}=${after}: NEW has ${names(now).join(', ')}`);
    }
  };
  check('node', node, (run) => run.nodes.map((one) => one.name));
  check('handler', handler, (run) => [...new Set(run.cells.filter((one) => one.tested).map((one) => one.handler))]);
}

function pair(value: string, previous: Map<string, string>): Map<string, string> {
  const [before, after, more] = value.split('=');
  if (!before || !after || more !== undefined) throw new InvalidArgumentError('Expected OLD=NEW.');
  return new Map([...previous, [before, after]]);
}
