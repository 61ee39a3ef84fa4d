import type { Attempt, Observation } from './attempt.ts';
import type { Oracle } from './outcome.ts';

export * from './attempt.ts';

/** Which kernel answers a container's system calls. */
export type IsolationClass = 'shared-kernel' | 'application-kernel' | 'guest-kernel';
export const isolationClasses: readonly IsolationClass[] = ['shared-kernel', 'application-kernel', 'guest-kernel'];

/** What a check does to the node at most, mildest first. A run prints the sum before it starts. */
export type Touch = 'read' | 'open' | 'call' | 'canary' | 'load';
export const touches: readonly Touch[] = ['read', 'open', 'call', 'canary', 'load'];

/** The shapes of containers and pods, defined in `fixtures/profiles.ts`. */
export type ProfileName = 'restricted' | 'default-root' | 'privileged' | 'host-path' | 'unlimited' | 'host-namespaces';

/** How an attempt that did not reach the node may have been stopped. */
export type Stop = 'denied' | 'absent' | 'contained';

/** What a class of runtimes promises about a check. There is no default: each check answers for every class. */
export type Expectation =
  /** The class does not claim this boundary. A run demonstrates it; that is never a pass. */
  | { kind: 'exposed'; because: string }
  /** The boundary must stop the attempt, in one of these ways; with `errnos`, only with these errors. */
  | { kind: 'stopped'; by: readonly Stop[]; errnos?: readonly string[] }
  /**
   * Under this class the surface does not exist. The fact is shown by the attempt ending so; otherwise it counts as
   * `stopped`.
   */
  | { kind: 'not-applicable'; fact: string; shownBy: 'absent' | 'contained'; otherwise: readonly Stop[] }
  /** The attempt must get through, such as an open path between pods that other checks close. */
  | { kind: 'reaches' };

export const exposed = (because: string): Expectation => ({ kind: 'exposed', because });
/** Stopped in one of these ways. */
export const stopped = (...by: Stop[]): Expectation => ({ kind: 'stopped', by });
/** Refused, with one of these errors and no other. */
export const deniedWith = (...errnos: string[]): Expectation => ({ kind: 'stopped', by: ['denied'], errnos });
export const contained: Expectation = stopped('contained');
export const reaches: Expectation = { kind: 'reaches' };
/** The surface is not there under this class, which each run has to show. */
export const notThere = (fact: string, otherwise: readonly Stop[] = ['denied', 'contained']): Expectation => ({
  kind: 'not-applicable',
  fact,
  shownBy: 'absent',
  otherwise,
});

/** Where the same attempt must get through for a denial to count. */
export type Control =
  /**
   * The shared-kernel pod on the same node, in this profile. With `attempt`, a twin that can get there (say why in the
   * check): one for all of the check's attempts, or one for each, in their order.
   */
  | { on: 'reference'; profile: ProfileName; attempt?: Attempt | readonly Attempt[] }
  /** A weakened pod: under the same handler when the subject was denied, else under the reference handler. */
  | { on: 'weakened'; profile: ProfileName; attempt?: Attempt | readonly Attempt[] };

/** The same attempt in the reference handler's pod, which must reach the node. */
export const onReference = (profile: ProfileName, attempt?: Attempt | readonly Attempt[]): Control => ({
  on: 'reference',
  profile,
  ...(attempt && { attempt }),
});
/** The same attempt in a pod with one weakness more, which must be allowed. */
export const weakened = (profile: ProfileName, attempt?: Attempt | readonly Attempt[]): Control => ({
  on: 'weakened',
  profile,
  ...(attempt && { attempt }),
});

interface Described {
  /** Equal to the file's path below `suites/`, without its ending. Stable for ever: consumers keep results by it. */
  id: string;
  /** A sentence that is true when the check is held. */
  claim: string;
  /** Why it matters, in a sentence for a reader who did not write it. */
  because: string;
  /** Where the facts come from. */
  references: readonly string[];
  /** Requirements that a held verdict supports (never fulfils), as `framework@version#id`. */
  requirements: readonly string[];
  touch: Touch;
  expect: Record<IsolationClass, Expectation>;
  /** What is expected instead where the pods asked for user namespaces of their own, and got them. */
  expectInUserNamespace?: Partial<Record<IsolationClass, Expectation>>;
}

/** A check of a cell (a handler on a node). */
export interface CellCheck extends Described {
  scope: 'cell';
  subject: ProfileName;
  /** Where the same is promised besides: a runtime can treat one kind of container otherwise than another. */
  alsoIn?: readonly ProfileName[];
  /** All are made in each of those; each is judged, and the worst counts. */
  attempts: readonly Attempt[];
  /** When was the boundary crossed? */
  reached: Oracle;
  control: Control;
}

/**
 * What a path is judged in: no policy, a policy that denies what enters the server's tenant, one that denies what leaves
 * the client's.
 */
export type PathPhase = 'open' | 'ingress-denied' | 'egress-denied';

/**
 * A check of a path from one tenant's pod to another's. The control is built in: the path is open before and after the
 * policy.
 */
export interface PathCheck extends Described {
  scope: 'path';
  network: 'tcp' | 'udp';
  /** `plain`: an ordinary server. `flushing`: a privileged one that deletes every packet filter rule it can reach. */
  server: 'plain' | 'flushing';
  phase: PathPhase;
}

/** A check of what the harness itself saw of a cell: which runtime really ran it, and whether anything is missing. */
export interface AttributionCheck extends Described {
  scope: 'attribution';
  about: 'node-view' | 'pod-view' | 'confinement' | 'holding' | 'missing-handler' | 'annotations' | 'completeness';
}

/** One claim, with its attempt, oracle, control and expectations. Data: no I/O, no code paths. */
export type Check = CellCheck | PathCheck | AttributionCheck;

type CellInput = Omit<CellCheck, 'scope' | 'attempts'> & { attempt: Attempt | readonly Attempt[] };

/** Defines a check of a cell. Its file's default export. */
export function defineCheck({ attempt, ...rest }: CellInput): CellCheck {
  return { ...rest, scope: 'cell', attempts: Array.isArray(attempt) ? attempt : [attempt as Attempt] };
}

/** In which containers a check is made. */
export const subjectsOf = ({ subject, alsoIn = [] }: CellCheck): ProfileName[] => [subject, ...alsoIn];

/** What the control tries in the place of each attempt of a check, in their order. */
export function controlAttempts({ attempts, control: { attempt: twin } }: CellCheck): readonly Attempt[] {
  if (twin === undefined) return attempts;
  if (!isList(twin)) return attempts.map(() => twin);
  if (twin.length !== attempts.length) throw new Error(`${twin.length} twins of ${attempts.length} attempts`);
  return twin;
}

const isList = (twin: Attempt | readonly Attempt[]): twin is readonly Attempt[] => Array.isArray(twin);

/** Defines a check of the path between two tenants' pods. */
export const definePathCheck = (check: Omit<PathCheck, 'scope'>): PathCheck => ({ ...check, scope: 'path' });

/** Defines a check of what really ran. */
export const defineAttributionCheck = (check: Omit<AttributionCheck, 'scope'>): AttributionCheck => ({
  ...check,
  scope: 'attribution',
});

/** The suite of a check: the first folder of its id. */
export const suiteOf = (id: string): string => id.split('/')[0] ?? id;

export type { Observation };
