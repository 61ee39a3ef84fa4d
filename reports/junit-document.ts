import type { JudgedCheck, Run } from '../harness/evidence.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { conclude, shortcomings } from './conclusion.ts';
import type { Shortcoming } from './conclusion.ts';
import type { Details } from './details.ts';
import { groups } from './groups.ts';
import { acceptance, acceptanceFacts, givenFacts } from './deviations.ts';
import { caseIdentity, caseName, classname, suiteName } from './identity.ts';
import { partLimit, safeLine, safeText } from './text.ts';

export type Property = readonly [name: string, value: string];

/** Exactly one of these: consumers that see `skipped` beside a failure take the case for not failed. */
export type CaseKind = 'passed' | 'failure' | 'error' | 'skipped';

/** A `<testcase>`. Every text in it is safe. */
export interface JunitCase {
  classname: string;
  name: string;
  kind: CaseKind;
  /** Of failures and errors. */
  type?: string;
  /** Of all but passed cases. */
  message: string;
  /** The whole story, for people. Written as the outcome's body too: GitLab and Sonobuoy read nothing else. */
  body: string;
  properties: readonly Property[];
  /** Of the check, when the catalogue has it. */
  file?: string;
  line?: number;
}

/** A `<testsuite>`. */
export interface JunitSuite {
  name: string;
  /** UTC without zone, as Azure reads it. */
  timestamp: string;
  hostname?: string;
  properties: readonly Property[];
  cases: readonly JunitCase[];
}

const kinds: Record<Verdict, { kind: CaseKind; type?: string }> = {
  held: { kind: 'passed' },
  breached: { kind: 'failure', type: 'IsolationViolation' },
  inconclusive: { kind: 'error', type: 'Inconclusive' },
  exposed: { kind: 'skipped' },
  'not-applicable': { kind: 'skipped' },
};

/** What junit.xml says, as data: written by `junit.ts`, and what `junit-check.ts` compares the written file with. */
export function junitDocument(run: Run, details: Details): JunitSuite[] {
  const timestamp = new Date(run.run.started).toISOString().slice(0, 19);
  const short = shortcomings(run);
  const bySuite = groups(run.verdicts, suiteName);
  const suites = bySuite.map((verdicts): JunitSuite => {
    const name = suiteName(verdicts[0]);
    const { node } = verdicts[0];
    const properties = [...runProperties(run), ...cellProperties(verdicts[0], run)];
    return {
      name,
      timestamp,
      hostname: safeLine(node),
      properties,
      cases: verdicts.map((one) => checkCase(one, details)),
    };
  });
  if (short.length > 0) {
    suites.unshift({
      name: runSuite,
      timestamp,
      properties: runProperties(run),
      cases: short.map((one) => runCase(one, run)),
    });
  }
  assertUnique(suites);
  return suites;
}

/** What wrote the file: the root's name, and the package of strict suites. */
export const reportName = 'cofferdam';

/** Of two parts, so that it is no check's: theirs have three. */
const runSuite = `${reportName}.run`;

/** Of the suite that is about no node: what Ant's schema asks for where there is no host to name. */
export const strictHost = ({ hostname }: JunitSuite): string => hostname ?? 'localhost';

/** Where the file of a check is, below Cofferdam's own folder. */
export const fileOf = (name: string): string => `suites/${name}.ts`;

/** What is told of the cases of a suite that passed, where a case itself can hold no text. */
export const passedStories = ({ cases }: JunitSuite): string =>
  cases
    .filter(({ kind }) => kind === 'passed')
    .map((one) => `${caseIdentity(one)}\n${one.body}\n`)
    .join('\n');

function runCase({ name, type, reason }: Shortcoming, run: Run): JunitCase {
  const troubles = run.troubles.map(({ what, cause }) => `${what}: ${cause}`).join('\n') || 'none was recorded';
  const body = block([
    ['run', reason],
    ['troubles', troubles],
  ]);
  return { classname: runSuite, name, kind: 'error', type, message: safeLine(reason), body, properties: [] };
}

function checkCase(judged: JudgedCheck, details: Details): JunitCase {
  const { check, verdict, reason, expected, observed, control } = judged;
  const known = details.get(check);
  const { claim, because, requirements } = known ?? {
    claim: 'not in the catalogue at hand',
    because: 'not in the catalogue at hand',
    requirements: [],
  };
  const accepted = acceptance(judged);
  // Not a failure, because somebody answers for it; never a pass.
  const outcome = accepted === undefined ? kinds[verdict] : kinds.exposed;
  const skipped = outcome.kind === 'skipped';
  const name = caseName(check);
  return {
    classname: classname(judged),
    name,
    ...outcome,
    // A skipped test is nothing to a consumer; the word says which of the two it is to us.
    message:
      verdict === 'held'
        ? ''
        : safeLine(`${skipped ? `${verdict}${accepted === undefined ? '' : `, ${accepted}`}: ` : ''}${reason}`) ||
          verdict,
    body: block([
      ['verdict', verdict],
      ['reason', reason],
      ...(accepted === undefined ? [] : [['deviation', accepted] as const]),
      ['claim', claim],
      ['why it matters', because],
      ['expected', expected],
      ['observed', observed],
      ['control', control],
      ['supports', requirements.join(', ') || 'no requirement is named'],
    ]),
    properties: [
      ['verdict', verdict],
      ['isolationClass', judged.isolationClass ?? 'unknown'],
      ...acceptanceFacts(judged),
      ...requirementProperties(requirements),
    ],
    ...(known && { file: fileOf(name) }),
    ...(known?.line !== undefined && { line: known.line }),
  };
}

/** One property a framework: of several with one name Jenkins keeps the last. */
function requirementProperties(requirements: readonly string[]): Property[] {
  const split = requirements.map((one) => [one.split('#')[0] ?? '', one.split('#').slice(1).join('#')] as const);
  return [...Map.groupBy(split, ([framework]) => framework)].map(([framework, ids]): Property => [
    `requirement.${safeLine(framework, 200)}`,
    safeLine(ids.map(([, id]) => id).join(', ')),
  ]);
}

/**
 * A story without the parts that come from the catalogue: what run.json alone says. So a file can be compared with the
 * run it was made of, whatever catalogue it was made with.
 */
export const withoutCatalogue = (story: string): string =>
  story.replaceAll(/^(?:claim|why it matters|supports): .*(?:\n {2}\| .*)*\n?/gm, '');

/**
 * Named parts, each from the start of a line. Further lines of a part are marked, so that no part can pretend to be
 * another.
 */
export const block = (parts: readonly (readonly [string, string])[]): string =>
  safeText(parts.map(([name, text]) => `${name}: ${safeText(text, partLimit).replaceAll('\n', '\n  | ')}`).join('\n'));

function runProperties(run: Run): Property[] {
  const { verdict, exitCode } = conclude(run);
  const troubles = run.troubles.map(({ what, cause }) => `${what}: ${cause}`).join('; ');
  return properties([
    ['run.id', run.run.id],
    ['run.started', run.run.started],
    ['run.finished', run.run.finished],
    ['run.interrupted', run.run.interrupted ?? 'no'],
    ['run.verdict', verdict],
    ['run.exitCode', String(exitCode)],
    ['run.troubles', troubles || 'none'],
    ...givenFacts(run),
    ['cofferdam.version', run.suite.version],
    ['cofferdam.meaning', String(run.meaning)],
    ['catalogue.sha256', run.catalogue.sha256],
    ['catalogue.checks', String(run.catalogue.checks)],
    ['cluster.version', run.cluster.version],
    ['cluster.uid', run.cluster.uid],
    ['probe.image', run.probe.image],
    ['probe.digests', run.probe.digests.join(', ') || undefined],
  ]);
}

function cellProperties({ node, handler }: JudgedCheck, run: Run): Property[] {
  const machine = run.nodes.find((one) => one.name === node);
  const cell = run.cells.find((one) => one.node === node && one.handler === handler);
  return properties([
    ['node.name', node],
    ['node.kernel', machine?.kernel],
    ['node.osImage', machine?.osImage],
    ['node.architecture', machine?.architecture],
    ['node.containerRuntime', machine?.containerRuntime],
    ['node.kubelet', machine?.kubelet],
    ['node.bootId', machine?.bootId],
    ['runtime.handler', handler],
    ['runtime.runtimeClass', cell && (cell.runtimeClass ?? 'none')],
    ['runtime.isolationClass', cell?.isolationClass ?? undefined],
    ['runtime.claimedBy', cell?.claimedBy],
    ['runtime.reference', cell && (cell.reference ? 'yes' : 'no')],
    ...(cell?.userNamespaces ? [['runtime.userNamespaces', 'yes'] as const] : []),
  ]);
}

const properties = (facts: readonly (readonly [string, string | undefined])[]): Property[] =>
  facts.map(([name, value]): Property => [name, safeLine(value ?? '') || 'unknown']);

/** GitLab and Jenkins keep one of two cases with one identity, mikepenz the better one: a failure could be lost. */
function assertUnique(suites: readonly JunitSuite[]): void {
  const seen = new Set<string>();
  for (const identity of suites.flatMap((suite) => suite.cases.map(caseIdentity))) {
    if (seen.has(identity))
      throw new Error(`two verdicts have the identity ${identity}: a consumer of JUnit would keep one of them`);
    seen.add(identity);
  }
}
