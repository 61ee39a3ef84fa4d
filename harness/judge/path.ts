import type { PathCheck } from '../check.ts';
import type { ContainerEvidence, Evidence } from '../evidence.ts';
import type { Attempted } from './judge.ts';
import type { Outcome } from '../outcome.ts';

/** Fewer tries than this in a phase say nothing. */
export const triesForAPhase = 3;

interface Try {
  seq: number;
  class: string;
  arrived: boolean;
}

type Path = Evidence['network']['paths'][number];
type Marks = Evidence['network']['marks'][string];
/** The first number that does not count, and the last that does. */
type Span = readonly [from: number | undefined, until: number | undefined];

/** Before there was any policy. */
const first = (marks: Marks): Span => [0, marks.openUntil];

/** A policy's phase, and those on both sides of it, which are its control. */
const phasesOf = (
  marks: Marks,
  phase: 'ingress-denied' | 'egress-denied',
): Record<'before' | 'denied' | 'after', Span> =>
  phase === 'ingress-denied'
    ? {
        before: first(marks),
        denied: [marks.closedFrom, marks.closedUntil],
        // To its end, where no other policy came after.
        after: [
          marks.openAgainFrom,
          marks.openAgainUntil ?? (marks.egressClosedFrom === undefined ? Infinity : undefined),
        ],
      }
    : {
        before: [marks.openAgainFrom, marks.openAgainUntil],
        denied: [marks.egressClosedFrom, marks.egressClosedUntil],
        after: [marks.openAtLastFrom, Infinity],
      };

/**
 * A path between two tenants in its phases: open, closed by a policy, open again. What counts is the server's word: a
 * nonce arrived or it did not. A client's success over UDP means nothing, and its time-out may have many causes.
 * Where the server has an address of either family, or listens on other ports, each is tried, and has to be open by itself to
 * show that it was closed.
 */
export function pathAttempted(check: PathCheck, pathId: string | undefined, evidence: Evidence): Attempted[] {
  const path = evidence.network.paths.find((one) => one.id === pathId);
  if (!path)
    return [
      { ...described(check), subject: { kind: 'not-attempted', why: 'the path was not planned' }, control: undefined },
    ];
  const { otherFamily, otherPorts = [], linkLocal } = path;
  return [
    targetAttempted(check, path, path.target, evidence),
    ...(otherFamily ? [targetAttempted(check, path, otherFamily.target, evidence, otherFamily)] : []),
    ...otherPorts.map((port) => targetAttempted(check, path, port.target, evidence, port)),
    // There is no path to close where nothing ever arrived, as on most networks, and none that has to be open.
    ...(linkLocal && check.phase !== 'open' && everArrived(path, linkLocal.target, evidence)
      ? [targetAttempted(check, path, linkLocal.target, evidence, { linkLocal: linkLocal.address })]
      : []),
  ];
}

/** What is other about a target than about a path's first one. */
interface Other {
  family?: string;
  port?: number;
  linkLocal?: string;
}

const described = (check: PathCheck, { family, port, linkLocal }: Other = {}) => ({
  what: `send a nonce over ${check.network}${family ? ` and ${family}` : ''} to ${port ? `port ${port} of ` : linkLocal ? `the link-local address ${linkLocal} of ` : ''}the other tenant's ${check.server === 'flushing' ? 'server that deletes its packet filter rules' : 'server'}`,
  controlWhere: 'the same path before and after the policy',
  witness: 'not-needed' as const,
});

function targetAttempted(check: PathCheck, path: Path, target: string, evidence: Evidence, other?: Other): Attempted {
  const base = described(check, other);
  const [client, server] = endsOf(path, evidence);
  const marks = evidence.network.marks[path.client] ?? {};
  const tries = triesOf(client, server, target);
  if (check.phase === 'open') {
    return {
      ...base,
      subject: reachedIn(within(tries, first(marks)), 'before the policy', evidence.network.cause),
      control: undefined,
    };
  }
  const { before, denied, after } = phasesOf(marks, check.phase);
  const complete = client?.complete && server?.complete;
  const seen = closedOutcome(within(tries, denied));
  // A nonce that arrived has arrived, even if the rest of a log is missing; that none did takes the whole of both logs.
  const closed: Outcome =
    complete || seen.kind === 'reached'
      ? seen
      : {
          kind: 'not-attempted',
          why: client?.cause ?? server?.cause ?? evidence.network.cause ?? 'client or server did not report to the end',
        };
  const subject = check.server === 'flushing' ? withFlush(closed, server) : closed;
  const opened = reachedIn(within(tries, before), 'before the policy');
  const control = opened.kind === 'reached' ? reachedIn(within(tries, after), 'after the policy was lifted') : opened;
  return { ...base, subject, control };
}

const endsOf = ({ client, serverContainer }: Path, { containers }: Evidence) =>
  [client, serverContainer].map((name) => containers.find((one) => `${one.pod}/${one.container}` === name));

const everArrived = (path: Path, target: string, evidence: Evidence): boolean => {
  const [client, server] = endsOf(path, evidence);
  return triesOf(client, server, target).some((one) => one.arrived);
};

function triesOf(client: ContainerEvidence | undefined, server: ContainerEvidence | undefined, target: string): Try[] {
  const arrived = new Set(
    server?.observations.filter((one) => one.id === 'received').map((one) => String(one.value?.['payload'])),
  );
  return (client?.observations ?? [])
    .filter((one) => one.id === 'dial' && one.value?.['target'] === target)
    .map((one) => ({
      seq: Number(one.value?.['seq']),
      class: String(one.value?.['errno'] ?? one.value?.['class']),
      arrived: arrived.has(`${String(client?.facts['nonce'])}/${target}/${Number(one.value?.['seq'])}`),
    }));
}

const within = (tries: readonly Try[], [from, until]: Span): Try[] =>
  from === undefined || until === undefined ? [] : tries.filter((one) => one.seq > from && one.seq <= until);

/** `cause`: why there are no tries, where that is known. */
function reachedIn(tries: readonly Try[], when: string, cause?: string): Outcome {
  const arrived = tries.filter((one) => one.arrived).length;
  if (arrived > 0) return { kind: 'reached', seen: `${arrived} of ${tries.length} nonces arrived ${when}` };
  return tries.length === 0
    ? { kind: 'not-attempted', why: `nothing was tried ${when}${cause === undefined ? '' : `: ${cause}`}` }
    : {
        kind: 'denied',
        errno: tries.at(-1)?.class ?? '?',
        seen: `none of ${tries.length} nonces arrived ${when} (${classesOf(tries)})`,
      };
}

/** How the tries ended, as their clients saw it. */
const classesOf = (tries: readonly Try[]): string => [...new Set(tries.map((one) => one.class))].join(', ');

function closedOutcome(tries: readonly Try[]): Outcome {
  const arrived = tries.filter((one) => one.arrived).length;
  if (arrived > 0)
    return { kind: 'reached', seen: `${arrived} of ${tries.length} nonces arrived although the policy forbids it` };
  if (tries.length < triesForAPhase) {
    return {
      kind: 'not-attempted',
      why: `only ${tries.length} tries were made while the policy stood, ${triesForAPhase} are needed`,
    };
  }
  const classes = classesOf(tries);
  return { kind: 'denied', errno: classes, seen: `none of ${tries.length} nonces arrived (${classes})` };
}

/** Whether the server could delete rules at all is told with the outcome: where it could not, they are out of its reach too. */
function withFlush(outcome: Outcome, server: ContainerEvidence | undefined): Outcome {
  if (outcome.kind !== 'denied') return outcome;
  const flush = server?.observations.filter((one) => one.id === 'flush').at(-1);
  if (!flush)
    return { kind: 'not-attempted', why: 'the server did not report that it tried to delete its packet filter rules' };
  const how = flush.value
    ? 'its rules were deleted'
    : `deleting rules returned ${flush.errno ?? flush.notAttempted ?? 'an unknown error'}`;
  return { ...outcome, seen: `${outcome.seen}, and ${how}` };
}
