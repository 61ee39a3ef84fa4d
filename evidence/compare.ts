import { isDeepStrictEqual } from 'node:util';
import { attemptId, describeAttempt } from '../harness/attempt.ts';
import type { Attempt } from '../harness/attempt.ts';
import { controlAttempts, subjectsOf } from '../harness/check.ts';
import type { CellCheck, Check } from '../harness/check.ts';
import { attempted } from '../harness/judge/evaluate.ts';
import { containerOf, referenceContainers } from '../harness/judge/lookup.ts';
import type { Cell, ContainerEvidence, JudgedCheck, Planned, Run } from '../harness/evidence.ts';
import type { Outcome } from '../harness/outcome.ts';
import { nodeView } from '../harness/judge/witness.ts';
import type { NodeView } from '../harness/judge/witness.ts';
import { changeOf } from './comparison.ts';
import type { ComparedCheck, ComparedRun, Comparison, Difference } from './comparison.ts';
import { stableObservation, stableSentence, surroundingsOf } from './stable.ts';
import type { Surroundings } from './stable.ts';

/** Which name of the old run goes with which of the new one. */
export interface Pairing {
  nodes: ReadonlyMap<string, string>;
  handlers: ReadonlyMap<string, string>;
  /** Compares only what ran under the handlers named in `handlers`. */
  onlyPaired?: boolean;
}

/**
 * Compares two judged runs. Pure. A check of the old run goes with the one of the same name, handler and node of the new
 * run; names that differ are paired by hand, and the one node that is left over on each side by itself.
 */
export function compareRuns(
  before: Run,
  after: Run,
  checks: ReadonlyMap<string, Check>,
  pairing: Pairing = { nodes: new Map(), handlers: new Map() },
): Comparison {
  const nodes = pairNodes(before, after, pairing.nodes);
  const inNew = (one: { node: string; handler: string }) => ({
    node: nodes.get(one.node) ?? one.node,
    handler: pairing.handlers.get(one.handler) ?? one.handler,
  });
  const [oldHandlers, newHandlers] = [[...pairing.handlers.keys()], [...pairing.handlers.values()]];
  const old = new Map(
    judgements(before, pairing.onlyPaired ? oldHandlers : undefined).map((one) => {
      const { judged } = one;
      return [keyOf({ ...judged, ...inNew(judged), ...(judged.to && { to: inNew(judged.to) }) }), one];
    }),
  );
  const now = judgements(after, pairing.onlyPaired ? newHandlers : undefined);
  const compared = now.map((one) => compareJudgements(old.get(keyOf(one.judged)), one, checks));
  const known = new Set(now.map((one) => keyOf(one.judged)));
  const gone = [...old].filter(([key]) => !known.has(key)).map(([, one]) => compareJudgements(one, undefined, checks));
  return {
    schema: 1,
    before: side(before, pairing.onlyPaired ? oldHandlers : []),
    after: side(after, pairing.onlyPaired ? newHandlers : []),
    surroundings: surroundings(before, after, nodes),
    checks: [...compared, ...gone],
  };
}

const side = (run: Run, handlers: readonly string[]): ComparedRun => ({
  run: run.run.id,
  started: run.run.started,
  version: run.suite.version,
  meaning: run.meaning,
  ...(run.run.interrupted !== undefined && { interrupted: run.run.interrupted }),
  ...(handlers.length > 0 && { handler: handlers.join(', ') }),
});

/** A verdict, where it was planned, and the run that it is of. */
interface Judgement {
  run: Run;
  planned: Planned;
  judged: JudgedCheck;
}

const judgements = (run: Run, handlers: readonly string[] | undefined): Judgement[] =>
  run.verdicts
    .flatMap((judged, index) => {
      const planned = run.roster[index];
      return planned ? [{ run, planned, judged }] : [];
    })
    .filter(({ judged }) => !handlers || handlers.includes(judged.handler));

const keyOf = ({ check, handler, node, to }: Pick<JudgedCheck, 'check' | 'handler' | 'node' | 'to'>): string =>
  JSON.stringify([check, handler, node, to?.handler, to?.node]);

/** Nodes by name; by hand; and the one that is left on each side, because a new node image often comes with a new name. */
function pairNodes(before: Run, after: Run, byHand: ReadonlyMap<string, string>): Map<string, string> {
  const pairs = new Map(byHand);
  const [old, now] = [before.nodes.map((one) => one.name), after.nodes.map((one) => one.name)];
  const byHandTo = new Set(byHand.values());
  for (const name of old) if (!pairs.has(name) && now.includes(name) && !byHandTo.has(name)) pairs.set(name, name);
  const taken = new Set(pairs.values());
  const [left, ...more] = old.filter((name) => !pairs.has(name));
  const [right, ...others] = now.filter((name) => !taken.has(name));
  if (left !== undefined && right !== undefined && more.length + others.length === 0) pairs.set(left, right);
  return pairs;
}

/** Versions of what was tested that differ. They are why one compares, and no reason not to. */
function surroundings(before: Run, after: Run, nodes: ReadonlyMap<string, string>): Difference[] {
  const facts: [string, string | undefined, string | undefined][] = [
    ['Kubernetes', before.cluster.version, after.cluster.version],
    ['cofferdam', before.suite.version, after.suite.version],
    ['catalogue', before.catalogue.sha256.slice(0, 12), after.catalogue.sha256.slice(0, 12)],
    ...before.nodes.flatMap((old): [string, string | undefined, string | undefined][] => {
      const now = after.nodes.find((one) => one.name === nodes.get(old.name));
      if (!now) return [];
      const fields = ['name', 'kernel', 'osImage', 'architecture', 'containerRuntime', 'kubelet'] as const;
      return fields.map((field) => [`node ${now.name}: ${field}`, old[field], now[field]]);
    }),
  ];
  return facts
    .filter(([, old, now]) => old !== now)
    .map(([what, old, now]) => ({ what, before: old ?? 'unknown', after: now ?? 'unknown' }));
}

function compareJudgements(
  before: Judgement | undefined,
  after: Judgement | undefined,
  checks: ReadonlyMap<string, Check>,
): ComparedCheck {
  const { check, node, handler, to } = (after ?? before)?.judged ?? missing();
  const said = ({ judged: { verdict, reason } }: Judgement) => ({ verdict, reason });
  const base = {
    check,
    node,
    handler,
    ...(to && { to }),
    ...(before && { before: said(before) }),
    ...(after && { after: said(after) }),
  };
  if (!before) return { ...base, change: 'new', differences: [] };
  if (!after) return { ...base, change: 'gone', differences: [] };
  const because = incomparable(before, after);
  const differences = because === undefined ? evidenceDifferences(before, after, check, checks) : [];
  if (because !== undefined) return { ...base, change: 'incomparable', because, differences };
  return {
    ...base,
    change: changeOf(before.judged.verdict, after.judged.verdict, differences.length === 0),
    differences,
  };
}

const missing = (): never => {
  throw new Error('a comparison needs one side at least');
};

/** Why the two verdicts do not answer the same question; undefined when they do. */
function incomparable(before: Judgement, after: Judgement): string | undefined {
  const [old, now] = [before.run, after.run];
  if (old.meaning !== now.meaning) return `meaning ${old.meaning} against ${now.meaning}`;
  // Two architectures have two digests, of which a run names those that it believed.
  if (!old.probe.digests.some((digest) => now.probe.digests.includes(digest))) {
    return `another probe: ${old.probe.digests[0] ?? 'unknown'} against ${now.probe.digests[0] ?? 'unknown'}`;
  }
  const kind = (run: Run, name: string) => run.nodes.find((one) => one.name === name)?.architecture ?? 'unknown';
  const [oldKind, newKind] = [kind(old, before.judged.node), kind(now, after.judged.node)];
  if (oldKind !== newKind) return `another kind of node: ${oldKind} against ${newKind}`;
  const [oldClass, newClass] = [before.judged.isolationClass, after.judged.isolationClass];
  if (oldClass !== newClass) {
    return `another claim for the handler: ${oldClass ?? 'none'} against ${newClass ?? 'none'}`;
  }
  return undefined;
}

/** What the two verdicts stand on that differs: outcomes first, then each observation. */
function evidenceDifferences(
  before: Judgement,
  after: Judgement,
  id: string,
  checks: ReadonlyMap<string, Check>,
): Difference[] {
  const check = checks.get(id);
  // A check that this version does not have cannot be taken apart; what was said of it can be compared.
  const [old, now] = check
    ? [standsOn(before, check, checks), standsOn(after, check, checks)]
    : [new Map([['observed', sentence(before)]]), new Map([['observed', sentence(after)]])];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((what) =>
    isDeepStrictEqual(old.get(what), now.get(what)) ? [] : [difference(what, old.get(what), now.get(what))],
  );
}

const sentence = ({ run, judged }: Judgement): string =>
  stableSentence(judged.observed, surroundingsOf(undefined, run, undefined));

/** Everything that a verdict stands on and that is the same in each run of the same thing, by what it is. */
function standsOn({ run, planned }: Judgement, check: Check, checks: ReadonlyMap<string, Check>): Map<string, unknown> {
  const cell = run.cells.find((one) => one.id === planned.cell);
  if (!cell) return new Map();
  const view = nodeView(run, cell.node);
  const ofCheck = surroundingsOf(undefined, run, view);
  const found = new Map<string, unknown>();
  attempted(check, planned, cell, view, run, checks).forEach(({ subject, control }, index) => {
    const which = check.scope === 'cell' ? attemptAt(check, index) : 'outcome';
    const told = (of: Outcome) => outcome(of, check.scope, ofCheck);
    found.set(`${which}, as the subject had it`, told(subject));
    found.set(`${which}, as the control had it`, control ? told(control) : 'did not run');
  });
  if (check.scope === 'cell') {
    for (const [what, value] of observationsOf(check, cell, run, view)) found.set(what, value);
  }
  return found;
}

/** The attempts of a check are judged container by container. */
function attemptAt(check: CellCheck, index: number): string {
  const { attempts, subject } = check;
  const attempt = attempts[index % attempts.length] ?? missing();
  const profile = subjectsOf(check)[Math.floor(index / attempts.length)] ?? missing();
  return profile === subject ? describeAttempt(attempt) : `${describeAttempt(attempt)}, in ${profile}`;
}

/** Kind and errno; where no observation is compared beside it, what was seen too. */
function outcome(of: Outcome, scope: Check['scope'], around: Surroundings): string {
  const seen = 'seen' in of ? of.seen : of.why;
  switch (scope) {
    case 'cell':
      return of.kind === 'denied' ? `denied (${of.errno})` : of.kind;
    case 'path':
      // Whether a closed path refuses or stays silent differs from try to try: it is said in brackets.
      return `${of.kind}: ${stableSentence(seen.replaceAll(/ \([^)]*\)/g, ''), around)}`;
    case 'attribution':
      return `${of.kind}: ${stableSentence(seen.replace(nodesKernel, "the node's kernel answered"), around)}`;
  }
}

/** The two proofs of one thing in harness/judge/kernel.ts: a short process may be gone before the witness lists it. */
const nodesKernel = /the container's process is in the node's process table|it shows the node's boot id/;

function observationsOf(check: CellCheck, cell: Cell, run: Run, view: NodeView | undefined): [string, unknown][] {
  const inContainer = (container: ContainerEvidence | undefined, attempt: Attempt): unknown => {
    const observation = container?.observations.find((one) => one.id === attemptId(attempt));
    if (!observation) return undefined;
    return stableObservation(attempt, observation, surroundingsOf(container, run, view));
  };
  const { profile } = check.control;
  const twins = controlAttempts(check);
  const reference = referenceContainers(cell, run).find((one) => one.profile === profile);
  return check.attempts.flatMap((attempt, index): [string, unknown][] => [
    ...subjectsOf(check).map((subject): [string, unknown] => [
      `${describeAttempt(attempt)}, in ${subject}`,
      inContainer(containerOf(cell, subject, run), attempt),
    ]),
    [
      `${describeAttempt(twins[index] ?? attempt)}, in ${profile} under the reference handler`,
      inContainer(reference, twins[index] ?? attempt),
    ],
    // A weakened pod under the same handler is the control of what was denied; of the rest it is worth knowing as much.
    ...(check.control.on === 'weakened'
      ? [
          [
            `${describeAttempt(twins[index] ?? attempt)}, in ${profile}`,
            inContainer(containerOf(cell, profile, run), twins[index] ?? attempt),
          ] satisfies [string, unknown],
        ]
      : []),
    ...check.reached.truths(attempt).map((truth): [string, unknown] => {
      const seen = view?.truth(truth);
      const told = seen && stableObservation(truth, seen, surroundingsOf(undefined, run, view));
      return [`${describeAttempt(truth)}, on the node`, told];
    }),
  ]);
}

/** Only the fields that differ, and of a list or a text only what differs of it: an observation may be long. */
function difference(what: string, before: unknown, after: unknown): Difference {
  const [old, now] = [flat(before), flat(after)];
  const fields = [...new Set([...old.keys(), ...now.keys()])].filter(
    (field) => !isDeepStrictEqual(old.get(field), now.get(field)),
  );
  const told = (side: ReadonlyMap<string, Leaf>, other: ReadonlyMap<string, Leaf>) =>
    fields.map((field) => (field === '' ? '' : `${field}: `) + part(side.get(field), other.get(field))).join('; ');
  return { what, before: told(old, now), after: told(now, old) };
}

/** A value without parts, or the parts of a list or of a text of several lines. */
type Leaf = string | readonly string[];

function part(leaf: Leaf | undefined, other: Leaf | undefined): string {
  if (leaf === undefined) return 'none';
  if (typeof leaf === 'string') return leaf;
  const known = new Set(typeof other === 'object' ? other : []);
  const own = leaf.filter((one) => !known.has(one));
  if (own.length > 0) return own.join(', ');
  return leaf.length === 0 ? 'none' : `nothing but what the other has, ${leaf.length} in all`;
}

/** Leaves by their path. */
function flat(value: unknown, path = ''): Map<string, Leaf> {
  const leaf = (one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one));
  if (value === undefined) return new Map([[path, 'not there']]);
  if (typeof value === 'string' && value.includes('\n')) return new Map([[path, value.split('\n')]]);
  if (Array.isArray(value)) return new Map([[path, value.map(leaf)]]);
  if (typeof value !== 'object' || value === null) return new Map([[path, leaf(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...flat(inner, key === 'value' ? path : path ? `${path}.${key}` : key),
    ]),
  );
}
