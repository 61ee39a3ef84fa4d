import type { V1Node, V1RuntimeClass } from '@kubernetes/client-node';
import type { IsolationClass } from '../check.ts';
import { claimOf } from './claims.ts';
import type { Claim } from './claims.ts';
import { handlerOf } from '../evidence.ts';
import type { Cell, Evidence } from '../evidence.ts';
import { managedBy } from '../labels.ts';
import type { KubernetesTarget } from '../targets/kubernetes.ts';
import { UsageError } from '../usage.ts';

/** What the user wants tested. */
export interface Selection {
  /** Names of RuntimeClasses; empty means all. */
  runtimeClasses: readonly string[];
  claims: ReadonlyMap<string, IsolationClass>;
  /** A RuntimeClass to be the reference; undefined means the node's default handler. */
  reference: string | undefined;
  /** A label selector for nodes; all of them unless told. */
  nodes?: string | undefined;
  /** The pods under test ask for user namespaces of their own. */
  userNamespaces?: boolean | undefined;
}

/** What is there. */
export interface Discovered {
  cluster: Evidence['cluster'];
  nodes: Evidence['nodes'];
  addresses: ReadonlyMap<string, string>;
  cells: readonly Cell[];
  /** Names of the images that each node says it has. A kubelet lists fifty at most. */
  images: ReadonlyMap<string, readonly string[]>;
  /** Processors of the smallest node that is tested. */
  processors: number;
  notes: readonly string[];
}

/** The handler of a pod that names no RuntimeClass. Which one that is, is each node's own setting. */
const defaultHandler = '(default)';

/** Reads the target: nodes, RuntimeClasses and what they claim. Creates nothing. */
export async function discover(target: KubernetesTarget, selection: Selection): Promise<Discovered> {
  const [version, found, classes, uid] = await Promise.all([
    target.version(),
    target.nodes(selection.nodes),
    target.runtimeClasses(),
    target.clusterUid().catch(() => undefined), // a user may not be allowed to read kube-system
  ]);
  const { nodes, notes: left } = testable(found, selection);
  if (nodes.length === 0) {
    const why = found.length
      ? left.join('; ')
      : selection.nodes
        ? `no node has ${selection.nodes}`
        : 'the cluster has none';
    throw new UsageError(`no node to test on ${target.server}: ${why}`);
  }
  const { cells, notes } = cellsOf(nodes, classes, selection);
  return {
    cluster: {
      version,
      ...(uid && { uid }),
      ...(target.clockOffset !== undefined && { clockOffset: target.clockOffset }),
    },
    nodes: nodes.map(describeNode),
    addresses: new Map(nodes.flatMap((node) => addressOf(node))),
    images: new Map(
      nodes.map((node) => [node.metadata?.name ?? '', (node.status?.images ?? []).flatMap((one) => one.names ?? [])]),
    ),
    cells,
    processors: Math.min(...nodes.map(processorsOf)),
    notes: [...notes, ...left],
  };
}

/** The nodes that are tested, and why others are not. Pure. */
export function testable(found: readonly V1Node[], { nodes }: Selection): { nodes: V1Node[]; notes: string[] } {
  const ready = found.filter((node) => isLinux(node) && isReady(node));
  const services = nodes === undefined ? ready.filter(isService) : [];
  const notes = [
    ['not a ready Linux node', found.filter((node) => !ready.includes(node))],
    [
      'a service that runs pods elsewhere stands for it, so no witness can look at it (--nodes takes it nevertheless)',
      services,
    ],
  ] as const;
  return {
    nodes: ready.filter((node) => !services.includes(node)),
    notes: notes.flatMap(([why, left]) =>
      left.length ? [`left out, ${why}: ${left.map((node) => node.metadata?.name).join(', ')}`] : [],
    ),
  };
}

/** Handlers × nodes. Pure. */
export function cellsOf(
  nodes: readonly V1Node[],
  classes: readonly V1RuntimeClass[],
  selection: Selection,
): { cells: Cell[]; notes: string[] } {
  const byName = new Map(classes.map((one) => [one.metadata?.name ?? '', one]));
  const available = [...byName.keys()].sort().join(', ') || 'none';
  for (const name of [...selection.runtimeClasses, ...(selection.reference ? [selection.reference] : [])]) {
    if (!byName.has(name)) throw new UsageError(`the cluster has no RuntimeClass ${name} (it has: ${available})`);
  }
  for (const name of selection.claims.keys()) {
    if (!byName.has(name) && !classes.some((one) => one.handler === name)) {
      throw new UsageError(
        `--claim ${name}: the cluster has neither a handler nor a RuntimeClass of that name (RuntimeClasses: ${available})`,
      );
    }
  }
  const wanted = selection.runtimeClasses.length
    ? selection.runtimeClasses.flatMap((name) => byName.get(name) ?? [])
    : own(classes);
  const notes: string[] = [];
  const twins = new Set<string>();
  const absent: string[] = [];
  const cells: Cell[] = [];
  const add = (runtimeClass: V1RuntimeClass, tested: boolean, reference: boolean) => {
    const name = runtimeClass.metadata?.name ?? '';
    const claim = claimOf(name, runtimeClass.handler, selection.claims);
    const optional = tested && selection.runtimeClasses.length === 0 && !promisesIsolation(claim);
    const eligible = nodes.filter((one) => matches(one, runtimeClass));
    const without = optional ? eligible.filter((one) => lacks(one, runtimeClass.handler)) : [];
    if (without.length > 0)
      absent.push(
        `${name} (handler ${runtimeClass.handler}, on ${without.map((one) => one.metadata?.name).join(', ')})`,
      );
    for (const node of eligible.filter((one) => !without.includes(one))) {
      const nodeName = node.metadata?.name ?? '';
      const userNamespaces = tested && selection.userNamespaces === true;
      if (userNamespaces) requireUserNamespaces(node, name, runtimeClass.handler);
      const twin = cells.find(
        (cell) =>
          cell.node === nodeName &&
          handlerOf(cell) === runtimeClass.handler &&
          (cell.userNamespaces ?? false) === userNamespaces,
      );
      const same = twin && twin.isolationClass === (claim?.isolationClass ?? null);
      if (twin && (same || twin.runtimeClass === name)) {
        twin.tested ||= tested;
        twin.reference ||= reference;
        if (twin.runtimeClass !== name)
          twins.add(
            `RuntimeClass ${name} has the handler of ${twin.runtimeClass ?? 'no RuntimeClass'} (${twin.handler}), which is tested once`,
          );
        continue;
      }
      const handler = twin ? `${runtimeClass.handler}@${name}` : runtimeClass.handler;
      cells.push({
        id: `${handler}${userNamespaces ? '+user-namespaces' : ''}/${nodeName}`,
        node: nodeName,
        handler,
        runtimeClass: name,
        isolationClass: claim?.isolationClass ?? null,
        claimedBy: claim?.by ?? 'nobody',
        tested,
        reference,
        ...(userNamespaces && { userNamespaces }),
      });
    }
  };
  for (const runtimeClass of wanted) add(runtimeClass, true, false);
  if (absent.length > 0)
    notes.push(
      `left out, since the nodes' own status has no such handler and nobody claims that it isolates: RuntimeClass ${absent.join(', ')}; --runtime-class NAME tests one nevertheless`,
    );
  const nothingElse = cells.length === 0;
  if (nothingElse && selection.runtimeClasses.length > 0) {
    throw new UsageError(
      `none of the nodes may run ${selection.runtimeClasses.join(', ')}: their RuntimeClasses select others (scheduling.nodeSelector)`,
    );
  }
  const reference = selection.reference === undefined ? undefined : byName.get(selection.reference);
  if (reference) add(reference, false, true);
  else {
    if (nothingElse && selection.userNamespaces)
      throw new UsageError('--user-namespaces needs a RuntimeClass to test: the cluster has none');
    for (const node of nodes) {
      const name = node.metadata?.name ?? '';
      cells.push({
        id: `${defaultHandler}/${name}`,
        node: name,
        handler: defaultHandler,
        runtimeClass: null,
        isolationClass: 'shared-kernel',
        claimedBy: 'the reference handler',
        tested: nothingElse,
        reference: true,
      });
    }
  }
  for (const cell of cells.filter((one) => one.reference)) {
    if (cell.isolationClass !== 'shared-kernel') {
      throw new UsageError(
        `--reference ${selection.reference ?? defaultHandler}: its handler ${cell.handler} is ${cell.isolationClass ?? 'of unknown class'}; the reference must be a shared-kernel handler such as runc (or state it: --claim ${cell.handler}=shared-kernel)`,
      );
    }
  }
  const covered = new Set(cells.filter((cell) => cell.reference).map((cell) => cell.node));
  const bare = cells.find((cell) => !covered.has(cell.node));
  if (bare)
    throw new UsageError(
      `the reference ${selection.reference ?? defaultHandler} may not be scheduled on node ${bare.node}, so there is no control there: choose other --nodes or another --reference`,
    );
  return { cells, notes: [...twins, ...notes] };
}

/**
 * The kubelet refuses a pod that asks for a user namespace under a handler that did not say it can: nothing would be
 * decided.
 */
function requireUserNamespaces({ metadata, status }: V1Node, runtimeClass: string, handler: string): void {
  const handlers = status?.runtimeHandlers ?? [];
  if (handlers.find((one) => one.name === handler)?.features?.userNamespaces) return;
  const able = handlers.flatMap(({ name, features }) => (name && features?.userNamespaces ? [name] : []));
  throw new UsageError(
    `--user-namespaces: RuntimeClass ${runtimeClass} has handler ${handler}, which makes no user namespaces on node ${metadata?.name ?? '?'} by the node's own status; name others with --runtime-class (handlers that do: ${able.join(', ') || 'none'})`,
  );
}

/** RuntimeClasses that a run of the suite made, which was killed, are not the cluster's own. */
const own = (classes: readonly V1RuntimeClass[]): V1RuntimeClass[] =>
  classes.filter(({ metadata }) =>
    Object.entries(managedBy).every(([name, value]) => metadata?.labels?.[name] !== value),
  );

/**
 * Whether a node says that it has no such handler. Distributions install RuntimeClasses of runtimes that are not there (k3s
 * has nine), and a pod of theirs waits for ever. A runtime that names no handlers says nothing (containerd before 2.0).
 */
function lacks({ status }: V1Node, handler: string): boolean {
  const named = status?.runtimeHandlers ?? [];
  return named.length > 0 && !named.some((one) => one.name === handler);
}

/**
 * A sandbox that is claimed and not there has to be noticed; that nothing is behind another name takes nothing from
 * anybody.
 */
const promisesIsolation = (claim: Claim | undefined): boolean =>
  claim !== undefined && claim.isolationClass !== 'shared-kernel';

const matches = (node: V1Node, { scheduling }: V1RuntimeClass): boolean =>
  Object.entries(scheduling?.nodeSelector ?? {}).every(([label, value]) => node.metadata?.labels?.[label] === value);

/**
 * Whether what runs the node's pods is no machine of the cluster: each pod of AWS Fargate is a node of its own, on which
 * nothing else runs, and a virtual kubelet sends its pods to a cloud (https://virtual-kubelet.io/docs/setup/, its label and
 * its taint).
 */
const isService = ({ metadata, spec }: V1Node): boolean =>
  metadata?.labels?.['eks.amazonaws.com/compute-type'] === 'fargate' ||
  metadata?.labels?.['type'] === 'virtual-kubelet' ||
  (spec?.taints ?? []).some(({ key }) => key === 'virtual-kubelet.io/provider');

const isReady = (node: V1Node): boolean =>
  node.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
const isLinux = (node: V1Node): boolean => (node.status?.nodeInfo?.operatingSystem ?? 'linux') === 'linux';
/** Processors, rounded down: `3920m` are three. */
function processorsOf(node: V1Node): number {
  const cpu = node.status?.allocatable?.['cpu'] ?? '1';
  const processors = cpu.endsWith('m') ? Number.parseInt(cpu, 10) / 1000 : Number.parseFloat(cpu);
  return Math.max(1, Math.floor(processors) || 1);
}

function addressOf(node: V1Node): [string, string][] {
  const address = node.status?.addresses?.find((one) => one.type === 'InternalIP')?.address;
  return address && node.metadata?.name ? [[node.metadata.name, address]] : [];
}

function describeNode({ metadata, status }: V1Node): Evidence['nodes'][number] {
  const info = status?.nodeInfo;
  return {
    name: metadata?.name ?? '',
    kernel: info?.kernelVersion ?? '',
    osImage: info?.osImage ?? '',
    architecture: info?.architecture ?? '',
    containerRuntime: info?.containerRuntimeVersion ?? '',
    kubelet: info?.kubeletVersion ?? '',
    bootId: info?.bootID ?? '',
  };
}
