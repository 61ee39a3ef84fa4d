import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { FailOn } from '../evidence/comparison.ts';
import { isolationClasses } from '../harness/check.ts';
import type { IsolationClass } from '../harness/check.ts';
import { UsageError } from '../harness/usage.ts';
import { formats, parseRequest } from '../reports/index.ts';
import type { ReportRequest } from '../reports/index.ts';
import type { SigningFlags } from './signing.ts';

/** Options of `run`, as commander hands them over; `demo` has them too. */
export interface RunFlags extends SigningFlags {
  kubeconfig?: string;
  context?: string;
  runtimeClass: string[];
  claim: Map<string, IsolationClass>;
  reference?: string;
  nodes?: string;
  userNamespaces?: boolean;
  only: string[];
  image?: string;
  out?: string;
  baseline?: string;
  pair?: boolean;
  failOn: FailOn;
  deviations?: string;
  proof?: string;
  report: ReportRequest[];
  dryRun?: boolean;
  maxPods?: number;
  timeoutScale: number;
}

const collect = (value: string, previous: string[]): string[] => [...previous, value];

function claim(value: string, previous: Map<string, IsolationClass>): Map<string, IsolationClass> {
  const [name, isolationClass, ...more] = value.split('=');
  if (!name || more.length > 0 || !isolationClasses.some((known) => known === isolationClass)) {
    throw new InvalidArgumentError(`Expected HANDLER=CLASS, with CLASS one of ${isolationClasses.join(', ')}.`);
  }
  return new Map([...previous, [name, isolationClass as IsolationClass]]);
}

/** Parses a number of at least that much. */
export function atLeast(least: number, whole: boolean): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number) || number < least || (whole && !Number.isInteger(number))) {
      throw new InvalidArgumentError(`Expected ${whole ? 'a whole number' : 'a number'} of at least ${least}.`);
    }
    return number;
  };
}

/** The parser of an option that may be repeated. What `parse` throws as a `UsageError` is told as any wrong argument. */
export const each =
  <T>(parse: (text: string) => T) =>
  (value: string, previous: readonly T[]): T[] => {
    try {
      return [...previous, parse(value)];
    } catch (error) {
      if (error instanceof UsageError) throw new InvalidArgumentError(`${error.message}.`);
      throw error;
    }
  };

/** How to reach the cluster, as kubectl takes it. */
export const withReach = (command: Command): Command =>
  command
    .option('--kubeconfig <file>', 'the kubeconfig to use (default: $KUBECONFIG, ~/.kube/config, or the pod’s own)')
    .option('--context <name>', 'the context in it');

/** What to test. */
export const withSelection = (command: Command): Command =>
  command
    .addOption(
      new Option('--runtime-class <name>', 'test this RuntimeClass; repeat for several')
        .argParser(collect)
        .default([], 'all of the cluster’s'),
    )
    .addOption(
      new Option(
        '--claim <handler=class>',
        'state the isolation class of a handler or RuntimeClass that is not known by name; repeat for several',
      )
        .argParser(claim)
        .default(new Map(), 'by the names that runtimes document'),
    )
    .option(
      '--reference <name>',
      'the RuntimeClass of a shared-kernel handler to run controls under (default: pods without a RuntimeClass)',
    )
    .option('--nodes <selector>', 'test only nodes with these labels (default: every ready Linux node)')
    .option(
      '--user-namespaces',
      'test pods that ask for user namespaces of their own (hostUsers: false), and hold the handlers to them',
    );

/** Which checks to run. */
export const withChecks = (command: Command): Command =>
  command.addOption(
    new Option('--only <glob>', 'run only checks whose id matches, such as "kernel-isolation/**"; repeat for several')
      .argParser(collect)
      .default([], 'every check'),
  );

const standardReports = Object.entries(formats).flatMap(([name, { standard }]) => (standard ? [name] : []));

/** Which reports to make. */
export const withReports = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--report <name[=path]>',
        'make this report, in the directory of the run or at PATH, instead of the standard ones; repeat for several',
      )
        .argParser(each(parseRequest))
        .default([], standardReports.join(' and ')),
    )
    .addHelpText(
      'after',
      `\nReports:\n${Object.entries(formats)
        .map(([name, { fileName, summary }]) => `  ${name.padEnd(14)} ${fileName}: ${summary}`)
        .join('\n')}`,
    );

/** Where the probe's image is. */
export const withImage = (command: Command): Command =>
  command.option(
    '--image <ref>',
    'the probe’s image, as the nodes find it (default: the name that `cofferdam image` gives it)',
  );

/** How to run. */
export const withRunning = (command: Command): Command =>
  withImage(command)
    .option('--out <dir>', 'where to write the evidence (default: cofferdam-run-DATE-XXXX)')
    .option('--baseline <dir>', 'compare with this stored run, and fail on what --fail-on says')
    .option('--pair', 'compare two handlers: --runtime-class old=NAME --runtime-class new=NAME')
    .addOption(
      new Option('--fail-on <what>', 'what a comparison fails on')
        .choices(['regressions', 'any'])
        .default('regressions'),
    )
    .option(
      '--deviations <file>',
      'a file of accepted failures with expiry dates, in YAML or JSON (see INTERPRETING.md)',
    )
    .option(
      '--proof <dir>',
      'cite this finished result of cofferdam prove: how many planted breaches this version of the suite caught',
    )
    .option('--dry-run', 'print the plan and create nothing')
    .option(
      '--max-pods <n>',
      'pods that may start or work at once on a node (default: two for every processor)',
      atLeast(1, true),
    )
    .option(
      '--timeout-scale <x>',
      'stretch every deadline; they already grow with how slow the cluster proves to be',
      atLeast(0.1, false),
      1,
    );
