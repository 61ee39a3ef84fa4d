import { randomBytes, randomInt, createHash } from 'node:crypto';
import { profiles } from '../fixtures/profiles.ts';
import type { PodShape } from '../fixtures/profiles.ts';
import { attemptId, disks, identity, listening, namespaces, credentials } from './attempt.ts';
import type { Attempt, Facts } from './attempt.ts';
import { rawSocket } from './annotations.ts';
import type { AttributionCheck, CellCheck, Check, PathCheck, ProfileName, Touch } from './check.ts';
import { controlAttempts, subjectsOf, touches } from './check.ts';
import type { Cell, Planned } from './evidence.ts';
import { markOf } from './kernel.ts';
import { UsageError } from './usage.ts';

/** One container to run, with all that it will try. */
export interface PlannedContainer {
  name: string;
  profile: ProfileName;
  nonce: string;
  attempts: readonly Attempt[];
  /** Facts of this container alone; the node's are added when the witness has told them. */
  facts: Facts;
}

/** A pod that makes its attempts and ends. */
export interface SubjectPod {
  kind: 'subject';
  name: string;
  cell: Cell;
  shape: PodShape;
  containers: readonly PlannedContainer[];
}

export interface WitnessPod {
  kind: 'witness';
  name: string;
  cell: Cell;
  nonce: string;
  /** What it looks at on the node, by the id under which it reports. */
  truths: ReadonlyMap<string, Attempt>;
  canaries: Readonly<Record<string, string>>;
  sharedMemoryKey: number;
  /** By which the key in the keyring of the node's root is looked for. */
  keyDescription: string;
}

export interface ServerPod {
  kind: 'server';
  name: string;
  cell: Cell;
  nonce: string;
  server: 'plain' | 'flushing';
}

export interface ClientPod {
  kind: 'client';
  name: string;
  cell: Cell;
  nonce: string;
}

/** A pod that has an annotation by which it asks for a weaker sandbox. */
export interface AnnotatedPod {
  name: string;
  cell: Cell;
  nonce: string;
}

export interface PlannedPath {
  id: string;
  from: string;
  to: string;
  network: 'tcp' | 'udp';
  server: 'plain' | 'flushing';
  client: string;
  serverPod: string;
}

/** All that a run will do, before anything is created. */
export interface Plan {
  runId: string;
  namespace: string;
  /** The client tenant's and the server tenant's. */
  tenants: { client: string; server: string };
  /** The directory on every node that the witness owns for this run. */
  canaryDirectory: string;
  cells: readonly Cell[];
  checks: readonly Check[];
  roster: readonly Planned[];
  witnesses: readonly WitnessPod[];
  subjects: readonly SubjectPod[];
  servers: readonly ServerPod[];
  clients: readonly ClientPod[];
  paths: readonly PlannedPath[];
  /** A RuntimeClass whose handler no node has, and a pod for each node that asks for it. */
  missingHandler: { runtimeClass: string; nodes: readonly string[] } | undefined;
  /** Where a runtime might heed what an annotation asks for. */
  annotated: readonly AnnotatedPod[];
  /** The strongest touch of all checks. */
  touch: Touch;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Every subject makes these, whatever the checks: they prove which kernel answered. */
const always: readonly Attempt[] = [identity(), namespaces(), credentials()];

/** Whether a check is to be made in a cell. */
type Applies = (check: Check, cell: Cell) => boolean;

/** What of all that could be done is. */
export interface Scope {
  /** All checks in each cell unless told. */
  applies?: Applies | undefined;
  /** Whether a check is made in all containers that it names, as it is unless told, or in its subject alone. */
  everywhere?: ((cell: Cell) => boolean) | undefined;
  /**
   * Without them no container is there only to be the control of its own handler: the reference handler's is that, as it is wherever
   * the handler's own does not get through.
   */
  ownControls?: boolean | undefined;
}

/** Turns checks × cells into as few pods as the profiles allow. Pure but for the nonces. */
export function makePlan(
  checks: readonly Check[],
  cells: readonly Cell[],
  { applies = () => true, everywhere = () => true, ownControls = true }: Scope = {},
): Plan {
  const runId = newRunId();
  const tested = cells.filter((cell) => cell.tested);
  const cellChecks = checks.filter((check) => check.scope === 'cell');
  const pathChecks = checks.filter((check) => check.scope === 'path');
  const needsCells = checks.some((check) => check.scope !== 'path');
  const nodes = [...new Set(cells.map((cell) => cell.node))];
  const slots = new Map(nodes.map((node) => [node, new UniqueSlots()]));
  const about = (what: AttributionCheck['about']) =>
    checks.some((check) => check.scope === 'attribution' && check.about === what);
  const subjects = needsCells
    ? cells.flatMap((cell) =>
        subjectPods(cell, cellChecks, {
          ...{ nodes, slots, applies, ownControls, unconfined: about('confinement') },
          comparesRawSockets: about('annotations'),
          everywhere: cell.reference ? tested.some(everywhere) : everywhere(cell),
        }),
      )
    : [];
  const { servers, clients, paths } = planPaths(
    tested.filter((cell) => pathChecks.some((check) => applies(check, cell))),
    pathChecks,
    nodes,
  );
  const annotated = tested.filter((cell) =>
    checks.some(
      (check) =>
        check.scope === 'attribution' &&
        check.about === 'annotations' &&
        applies(check, cell) &&
        cell.isolationClass === 'application-kernel',
    ),
  );
  return {
    runId,
    namespace: `cofferdam-${runId}`,
    tenants: { client: `cofferdam-${runId}-tenant-a`, server: `cofferdam-${runId}-tenant-b` },
    canaryDirectory: `/var/lib/cofferdam/${runId}`,
    cells,
    checks,
    roster: makeRoster(checks, tested, paths, applies, everywhere),
    witnesses: needsCells ? nodes.map((node, index) => witnessPod(node, index, cells, cellChecks)) : [],
    subjects,
    servers,
    clients,
    paths,
    missingHandler: about('missing-handler') ? { runtimeClass: `cofferdam-${runId}-missing`, nodes } : undefined,
    annotated: annotated.map((cell) => ({
      name: `annotated-${nodeIndex(nodes, cell.node)}-${slug(cell)}`,
      cell,
      nonce: hex(16),
    })),
    touch: touches.findLast((touch) => checks.some((check) => check.touch === touch)) ?? 'read',
  };
}

/** Short, and in the alphabet of Kubernetes names. */
const newRunId = (): string => hex(4);

/** The namespaces of the tenants, which are made where one of them has a client. */
export const tenantNamespaces = ({ clients, tenants }: Plan): string[] =>
  clients.length ? [tenants.client, tenants.server] : [];

/** Which verdicts there have to be: every check once a cell, every path check once a path. */
function makeRoster(
  checks: readonly Check[],
  tested: readonly Cell[],
  paths: readonly PlannedPath[],
  applies: Applies,
  everywhere: (cell: Cell) => boolean,
): Planned[] {
  return checks.flatMap((check) =>
    tested.flatMap((cell): Planned[] => {
      if (!applies(check, cell)) return [];
      if (check.scope === 'attribution') return [{ check: check.id, cell: cell.id }];
      if (check.scope === 'cell') {
        const only = check.alsoIn && !everywhere(cell) && { subjects: [check.subject] };
        return [{ check: check.id, cell: cell.id, ...only }];
      }
      return paths
        .filter((path) => path.from === cell.id && path.network === check.network && path.server === check.server)
        .map((path) => ({ check: check.id, cell: cell.id, path: path.id }));
    }),
  );
}

interface OfTheRun {
  nodes: readonly string[];
  /** Of each node. */
  slots: ReadonlyMap<string, UniqueSlots>;
  applies: Applies;
  ownControls: boolean;
  /** Of this cell, or of one of which it is the reference. */
  everywhere: boolean;
  /** A check needs an unconfined process as its control. */
  unconfined: boolean;
  /** A check needs to know which ordinary container may open a raw socket, and that a privileged one may. */
  comparesRawSockets: boolean;
}

function subjectPods(
  cell: Cell,
  checks: readonly CellCheck[],
  { nodes, slots, applies, ownControls, everywhere, unconfined, comparesRawSockets }: OfTheRun,
): SubjectPod[] {
  const wanted = new Map<ProfileName, Map<string, Attempt>>();
  const want = (profile: ProfileName, attempts: readonly Attempt[]) => {
    const known = wanted.get(profile) ?? new Map<string, Attempt>();
    for (const attempt of attempts) known.set(attemptId(attempt), attempt);
    wanted.set(profile, known);
  };
  // The attribution checks need a pod of every cell, whatever else is asked for.
  want('default-root', []);
  if (cell.reference && unconfined) want('privileged', []);
  if (comparesRawSockets) want('default-root', [rawSocket]);
  if (cell.reference && comparesRawSockets) want('privileged', [rawSocket]);
  for (const check of checks) {
    const made = cell.tested && applies(check, cell);
    if (made || (cell.reference && check.reached.comparesWithReference)) {
      for (const profile of everywhere ? subjectsOf(check) : [check.subject]) want(profile, check.attempts);
    }
    const { profile, on } = check.control;
    const controls = controlAttempts(check);
    const own = ownControls && on === 'weakened' && made && !profiles[profile].referenceOnly;
    if (cell.reference || own) want(profile, controls);
  }
  const ofNode = slots.get(cell.node) ?? new UniqueSlots();
  const byShape = Map.groupBy(
    [...wanted.keys()].toSorted((one, other) => turnOf(one) - turnOf(other)),
    (profile) => profiles[profile].pod,
  );
  const prefix = `${nodeIndex(nodes, cell.node)}-${slug(cell)}`;
  return [...byShape].map(([shape, names]) => {
    const name = `${prefix}-${shape}`;
    return {
      kind: 'subject',
      name,
      cell,
      shape,
      containers: names.map((profile): PlannedContainer => {
        const nonce = hex(16);
        const attempts = new Map(always.map((attempt) => [attemptId(attempt), attempt]));
        for (const [id, attempt] of wanted.get(profile) ?? []) attempts.set(id, attempt);
        return {
          name: profile,
          profile,
          nonce,
          attempts: [...attempts.values()],
          facts: { nonce, mark: markOf(nonce), 'pod.name': name, ...tellTale(ofNode.next()) },
        };
      }),
    };
  });
}

/** The pods of a cell in the order of their start: a run is not to end with one that mostly waits, while nothing else is left to do. */
const turns: Readonly<Record<PodShape, number>> = { 'host-namespaces': 0, workload: 1, 'host-path': 2 };
const turnOf = (profile: ProfileName): number => turns[profiles[profile].pod];

/** The first and the last port on which subjects listen, so that the witness can look where: no port of Kubernetes is among them. */
export const stackPorts: readonly [number, number] = [22_000, 23_999];

/** A number that no other container of its node has: of I/O slots that it reserves, and of the port on which it listens. */
const tellTale = (number: number): Facts => ({
  'load.slots': number,
  'stack.port': stackPorts[0] + number - slotRange[0],
});

/** From, and below. */
const slotRange = [2000, 4000] as const;

/**
 * Numbers of asynchronous I/O slots by which each container is told apart in the node's counter. All lie in one half of
 * a range, so that no sum or difference of two is the number of a third.
 */
class UniqueSlots {
  #used = new Set<number>();
  /** Throws a UsageError when there is none left. */
  next(): number {
    if (this.#used.size === slotRange[1] - slotRange[0])
      throw new UsageError(
        `a node would have more than ${this.#used.size} containers to test: name fewer RuntimeClasses with --runtime-class`,
      );
    let slots: number;
    do slots = randomInt(...slotRange);
    while (this.#used.has(slots));
    this.#used.add(slots);
    return slots;
  }
}

function witnessPod(node: string, index: number, cells: readonly Cell[], checks: readonly CellCheck[]): WitnessPod {
  const cell = cells.find((one) => one.node === node && one.reference);
  if (!cell) throw new Error(`node ${node} has no reference cell`);
  const truths = new Map<string, Attempt>([
    ['truth.identity', identity()],
    ['truth.namespaces', namespaces('pid1')],
    ['truth.disks', disks()],
    ['truth.listening', listening()],
  ]);
  for (const check of checks) {
    for (const attempt of check.attempts) {
      for (const truth of check.reached.truths(attempt)) truths.set(attemptId(truth), truth);
    }
  }
  const names = ['file', 'process', 'kernel-log', 'socket', 'fifo', 'shared-memory', 'key', 'loopback', 'caller'];
  return {
    kind: 'witness',
    name: `witness-${index}`,
    cell,
    nonce: hex(16),
    truths,
    canaries: Object.fromEntries(names.map((name) => [name, `cofferdam-canary-${hex(16)}`])),
    sharedMemoryKey: randomInt(0x10000000, 0x7fffffff),
    keyDescription: `cofferdam-${hex(8)}`,
  };
}

/**
 * Cells between which paths can be tried. A client has its job in one environment variable, of which the kernel takes 128 KiB
 * (execve(2), MAX_ARG_STRLEN), and the servers of a cell take up to 1.3 KiB of it.
 */
const mostEnds = 90;

function planPaths(tested: readonly Cell[], checks: readonly PathCheck[], nodes: readonly string[]) {
  const kinds = [...new Set(checks.map((check) => check.server))];
  if (kinds.length > 0 && tested.length > mostEnds)
    throw new UsageError(
      `the paths between tenants on ${tested.length} cells (handlers on nodes) are more than a client can try, which takes ${mostEnds}: ` +
        'test fewer nodes at a time with --nodes, or leave the paths out with --only',
    );
  const named = (cell: Cell) => `${nodeIndex(nodes, cell.node)}-${slug(cell)}`;
  const servers = kinds.flatMap((server) =>
    tested.map((cell): ServerPod => ({
      kind: 'server',
      name: `server-${named(cell)}-${server}`,
      cell,
      nonce: hex(16),
      server,
    })),
  );
  const clients = kinds.length
    ? tested.map((cell): ClientPod => ({ kind: 'client', name: `client-${named(cell)}`, cell, nonce: hex(16) }))
    : [];
  const wanted = new Set(checks.map((check) => `${check.network} ${check.server}`));
  const paths = clients.flatMap((client) =>
    servers.flatMap((server) =>
      (['tcp', 'udp'] as const)
        .filter((network) => wanted.has(`${network} ${server.server}`))
        .map((network): PlannedPath => ({
          id: `${client.name}>${server.name}:${network}`,
          from: client.cell.id,
          to: server.cell.id,
          network,
          server: server.server,
          client: client.name,
          serverPod: server.name,
        })),
    ),
  );
  return { servers, clients, paths };
}

const nodeIndex = (nodes: readonly string[], node: string): string => `n${nodes.indexOf(node)}`;

/** The handler in the alphabet of pod names; told apart by a digest where that loses something. */
function slug(cell: Cell): string {
  const suffix = cell.userNamespaces ? '-userns' : '';
  return `${slugOfHandler(cell)}${suffix}`;
}

function slugOfHandler(cell: Cell): string {
  const name = cell.handler
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 20);
  return name === cell.handler
    ? name
    : `${name || 'x'}-${createHash('sha256').update(cell.id).digest('hex').slice(0, 6)}`;
}
