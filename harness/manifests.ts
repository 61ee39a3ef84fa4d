import { createHash } from 'node:crypto';
import type { V1Container, V1NetworkPolicy, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { limits, listensBelow1024, podShapes, profiles } from '../fixtures/profiles.ts';
import { annotation, rawSocket } from './annotations.ts';
import { addresses, attemptId, identity, isMadeAgain, resolveAttempt, tokenDirectory } from './attempt.ts';
import type { Attempt, Facts } from './attempt.ts';
import type { Cell } from './evidence.ts';
import { stackPorts } from './plan.ts';
import type { AnnotatedPod, ClientPod, Plan, ServerPod, SubjectPod, WitnessPod } from './plan.ts';

/** Labels on everything that the suite creates, so that `clean` finds it. */
export const managedBy = { 'app.kubernetes.io/managed-by': 'cofferdam' } as const;
export const runLabel = 'cofferdam.dev/run';
const roleLabel = 'cofferdam.dev/role';

export const labelsOf = (runId: string): Record<string, string> => ({ ...managedBy, [runLabel]: runId });

/** The probe listens here once a long-lived pod is ready, for the kubelet's readiness probe. */
const readyPort = 7002;
const servicePort = 7001;
/**
 * A policy engine, or a rule before it, may pass by some ports. One of these is in the range of NodePorts, whose packets are
 * rewritten on their way, and where exceptions are made for them; the others are those of DNS and of the web, which whoever denies
 * everything else is tempted to let through.
 */
const otherPorts: readonly number[] = [31_001, 53, 80, 443];
/** Those of a server: one that deletes its packet filter rules listens on a single port. */
export const otherPortsOf = (server: ServerPod['server']): readonly number[] => (server === 'plain' ? otherPorts : []);

/** How long pods may live, in seconds. Stretched with the cluster's slowness. */
export interface Lifetimes {
  /** A pod that makes its attempts and ends. */
  subject: number;
  /** Witness, servers and clients: as long as the run. */
  long: number;
}

/** How patient the probe is, in milliseconds. Stretched like the lifetimes. */
export interface Patience {
  /** With one attempt, before it counts as hanging. */
  attempt: number;
  /** With a connection. */
  connection: number;
  /** With the answer of a server that took the connection. */
  answer: number;
  /** With one try to reach another tenant. */
  tenantTry: number;
  /** With the paths to other tenants, until each was open once. */
  opening: number;
  /** With a witness that has yet to see it. */
  seen: number;
  /** With the kubelet, to execute a process in a container that has started. */
  executed: number;
}

interface Common {
  plan: Plan;
  image: string;
  lifetimes: Lifetimes;
  patience: Patience;
}

/** Time for a witness to undo what it planted once it is told to end, in seconds. */
const witnessGrace = 30;

function pod(
  common: Common,
  name: string,
  namespace: string,
  role: string,
  cell: Cell,
  lifetime: number,
  spec: Partial<V1PodSpec>,
  containers: V1Container[],
): V1Pod {
  const { plan } = common;
  return {
    metadata: { name, namespace, labels: { ...labelsOf(plan.runId), [roleLabel]: role } },
    spec: {
      // As the DaemonSet controller does: the scheduler still checks that the pod fits, and RuntimeClass scheduling applies.
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [cell.node] }] }],
          },
        },
      },
      tolerations: [{ operator: 'Exists' }],
      ...(cell.runtimeClass !== null && { runtimeClassName: cell.runtimeClass }),
      ...(cell.userNamespaces && { hostUsers: false }),
      restartPolicy: 'Never',
      // A run that is killed still ends on the cluster.
      activeDeadlineSeconds: lifetime,
      terminationGracePeriodSeconds: 30,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      volumes: [{ name: scratch(plan), emptyDir: { sizeLimit: '1Mi' } }, ...(spec.volumes ?? [])],
      ...podWithout(spec),
      // The witness recognises the run's pods on its node by the directory of this volume, which the kubelet makes only
      // for a volume that is mounted.
      containers: containers.map(({ volumeMounts = [], ...rest }) => ({
        ...rest,
        volumeMounts: [{ name: scratch(plan), mountPath: '/tmp' }, ...volumeMounts],
      })),
    },
  };
}

/** The volume that every pod of a run has, and no other. */
const scratch = (plan: Plan): string => `cofferdam-${plan.runId}`;

const podWithout = ({ volumes: _, ...rest }: Partial<V1PodSpec>): Partial<V1PodSpec> => rest;

const requests = { cpu: '10m', memory: '32Mi' };

function container(
  common: Common,
  name: string,
  mode: string,
  plan: object,
  { env = [], ...rest }: Partial<V1Container>,
): V1Container {
  return {
    name,
    image: common.image,
    imagePullPolicy: 'IfNotPresent',
    args: [mode],
    env: [{ name: 'COFFERDAM_PLAN', value: JSON.stringify({ schema: 1, ...plan }) }, ...env],
    resources: { requests, limits: { cpu: String(limits.cpu), memory: String(limits.memory) } },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...rest,
  };
}

/** A startup probe, because nobody asks again once it was answered; without a readiness probe the pod is ready then. */
const readiness = {
  startupProbe: { tcpSocket: { port: readyPort }, periodSeconds: 1, failureThreshold: 3600 },
} as const;

/** Where the image has the probe. */
export const probeProgram = '/cofferdam-probe';

/** The name by which an executed process finds the first one of its container; its twin is `probes/internal/executed`. */
const executedIn = (nonce: string): string =>
  createHash('sha256').update(`executed:${nonce}`).digest('hex').slice(0, 32);

/**
 * The kubelet executes a process in the container until that ends well, which it does as soon as it told what it saw: a startup
 * probe is not made again then, and where none may be executed, nothing ends for it.
 */
const executes = (nonce: string) => ({
  startupProbe: {
    exec: { command: [probeProgram, 'executed', executedIn(nonce)] },
    periodSeconds: 2,
    timeoutSeconds: 60,
    failureThreshold: 3600,
  },
});

/**
 * The directory that the witness made. Where none could, nobody is let make one: it would stay on the node. It has no type, for the
 * kubelet would look itself, and where that has a mount namespace of its own (Talos) it sees no such directory.
 */
const canaryVolume = (plan: Plan, facts: Facts) => ({
  name: 'canaries',
  ...('canaryDirectory' in facts ? { hostPath: { path: plan.canaryDirectory } } : { emptyDir: {} }),
});
/** In this order: with the read-only one first, Kata's Go runtime makes both read-only (kata-containers issue 11668). */
const canaryMounts = (plan: Plan) => [
  { name: 'canaries', mountPath: plan.canaryDirectory },
  { name: 'canaries', mountPath: `${plan.canaryDirectory}-read-only`, readOnly: true },
];

/** Where the kubelet puts the token that it asks for. It stands for nothing but the pod's name, and ends with the pod. */
const tokenVolume = {
  name: 'token',
  projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }] },
};

/** An attempt with the deadlines that this cluster needs. */
function patient(
  { attempt, connection, answer, seen, executed }: Patience,
  args: Record<string, unknown>,
): Record<string, unknown> {
  switch (args['kind']) {
    case 'connect':
      return { ...args, deadlineMs: attempt + connection, timeoutMs: connection };
    case 'packet':
      // The way is looked for as long as an answer is waited for.
      return { ...args, deadlineMs: attempt + 2 * connection, timeoutMs: connection };
    case 'executed':
      return { ...args, deadlineMs: executed };
    case 'bind':
      return { ...args, deadlineMs: attempt + seen, timeoutMs: seen };
    case 'services':
      // A service that is silent is left alone after its first question.
      return { ...args, deadlineMs: attempt + 3 * (connection + answer), timeoutMs: connection, answerMs: answer };
    case 'http':
      return { ...args, deadlineMs: attempt + connection + answer, timeoutMs: connection, answerMs: answer };
    default:
      return { ...args, deadlineMs: attempt };
  }
}

/** A pod that makes all its attempts and ends. `facts` are the node's, as its witness told them. */
export function subjectManifest(common: Common, subject: SubjectPod, facts: Facts): V1Pod {
  const { plan } = common;
  const has = (what: 'mountsCanaryDirectory' | 'hasToken') =>
    subject.containers.some((one) => profiles[one.profile][what]);
  const volumes = [
    ...(has('mountsCanaryDirectory') ? [canaryVolume(plan, facts)] : []),
    ...(has('hasToken') ? [tokenVolume] : []),
  ];
  const containers = subject.containers.map((one) => {
    const attempts = one.attempts.flatMap((attempt) => {
      const resolved = resolveAttempt(attempt, { ...facts, ...one.facts });
      if ('missing' in resolved) return [];
      const again = isMadeAgain(attempt) && { again: 1 };
      return [{ id: attemptId(attempt), ...patient(common.patience, resolved.attempt), ...again }];
    });
    const job = {
      nonce: one.nonce,
      mark: true,
      minLifeMs: common.patience.seen,
      readyPort: one.facts['stack.port'],
      attempts,
    };
    return container(common, one.name, 'attempt', job, {
      securityContext: profiles[one.profile].securityContext,
      env: Object.entries(profiles[one.profile].environment ?? {}).map(([name, value]) => ({ name, value })),
      ...(profiles[one.profile].unlimited && { resources: { requests } }),
      ...(one.attempts.some(({ kind }) => kind === 'executed') && executes(one.nonce)),
      volumeMounts: [
        ...(profiles[one.profile].mountsCanaryDirectory ? canaryMounts(plan) : []),
        ...(profiles[one.profile].hasToken ? [{ name: 'token', mountPath: tokenDirectory, readOnly: true }] : []),
      ],
    });
  });
  const shape = { ...podShapes[subject.shape], volumes };
  return pod(
    common,
    subject.name,
    plan.namespace,
    'subject',
    subject.cell,
    common.lifetimes.subject,
    shape,
    containers,
  );
}

/** The pod that reads the node's truth, plants the canaries, watches, and undoes everything when it is told to end. */
export function witnessManifest(common: Common, witness: WitnessPod): V1Pod {
  const { plan } = common;
  const plants = Object.entries(witness.canaries).map(([name, token]) => ({
    id: `canary.${name}`,
    plant: name === 'shared-memory' ? 'sysv-shm' : name,
    token,
    ...(name === 'shared-memory' && { key: witness.sharedMemoryKey }),
    ...(name === 'key' && { description: witness.keyDescription }),
  }));
  const attempts = [...witness.truths].map(([id, attempt]) => {
    const resolved = resolveAttempt(attempt, {});
    return { id, ...('attempt' in resolved ? patient(common.patience, resolved.attempt) : {}) };
  });
  const job = {
    nonce: witness.nonce,
    run: plan.runId,
    nodeDirectory: plan.canaryDirectory,
    readyPort,
    plants,
    attempts,
    census: { volume: scratch(plan), ports: stackPorts },
    counters: { id: 'counter', path: '/proc/sys/fs/aio-nr', intervalMs: 50 },
    maxLifeMs: common.lifetimes.long * 1000,
  };
  const shape = { hostPID: true, terminationGracePeriodSeconds: witnessGrace };
  return pod(common, witness.name, plan.namespace, 'witness', witness.cell, common.lifetimes.long, shape, [
    container(common, 'witness', 'witness', job, {
      securityContext: { privileged: true, runAsUser: 0 },
      ...readiness,
    }),
  ]);
}

/** What a tenant tells of itself before anything else: the kernel that runs it, so that a handler cannot keep another for tenants. */
const introduction = ({ patience }: Common, ...further: Attempt[]) => ({
  mark: true,
  attempts: [identity(), ...further].map((attempt) => ({ id: attemptId(attempt), ...patient(patience, attempt) })),
});

/** The tenant that must not be reached. A flushing one is privileged, and deletes every packet filter rule that it can. */
export function serverManifest(common: Common, server: ServerPod): V1Pod {
  const flush = server.server === 'flushing';
  const job = {
    // Its link-local address is in nobody's records but its own.
    ...introduction(common, addresses()),
    nonce: server.nonce,
    tcpPort: servicePort,
    udpPort: servicePort,
    morePorts: otherPortsOf(server.server),
    readyPort,
    timeoutMs: common.patience.tenantTry,
    flush,
  };
  return pod(common, server.name, common.plan.tenants.server, 'server', server.cell, common.lifetimes.long, {}, [
    container(common, 'server', 'serve', job, {
      securityContext: flush ? profiles.privileged.securityContext : listensBelow1024,
      ...readiness,
    }),
  ]);
}

/** The tenant that tries to reach the others, again and again, with a number in every nonce. */
export function clientManifest(
  common: Common,
  client: ClientPod,
  servers: ReadonlyMap<string, ServerAddresses>,
): V1Pod {
  const targets = common.plan.paths
    .filter((path) => path.client === client.name)
    .flatMap((path) => {
      const { network } = path;
      const { cluster = [], linkLocal } = servers.get(path.serverPod) ?? {};
      return [
        ...cluster.flatMap((ip, index) => {
          if (index > 0) return [{ id: targetOf(path, familyOf(ip)), network, address: address(ip) }];
          return [
            { id: targetOf(path), network, address: address(ip) },
            ...otherPortsOf(path.server).map((port) => ({
              id: targetOf(path, port),
              network,
              address: address(ip, port),
              beside: targetOf(path),
            })),
          ];
        }),
        ...(linkLocal
          ? [{ id: targetOf(path, 'link-local'), network, address: address(linkLocal), optional: true }]
          : []),
      ];
    });
  const { tenantTry, opening } = common.patience;
  const rhythm = { intervalMs: 2000, timeoutMs: tenantTry, readyPort, readyAfterMs: opening };
  const job = { ...introduction(common), nonce: client.nonce, targets, ...rhythm };
  return pod(common, client.name, common.plan.tenants.client, 'client', client.cell, common.lifetimes.long, {}, [
    container(common, 'client', 'dial', job, { securityContext: profiles.restricted.securityContext, ...readiness }),
  ]);
}

/** Where a server is reached. */
export interface ServerAddresses {
  /** By the pod's status: one, or one of each family. */
  cluster: readonly string[];
  /** What it has of IPv6 for its link alone, whether or not anybody is on that link. */
  linkLocal?: string | undefined;
}

/**
 * The name under which a client reports its tries on a path; `other` is the family of an address beside the pod's first one, a port
 * beside the first, or that it is the address of the link.
 */
export const targetOf = (
  path: { serverPod: string; network: string },
  other?: Family | number | typeof linkLocal,
): string => `${path.serverPod}-${path.network}${other === undefined ? '' : `-${String(other).toLowerCase()}`}`;

const linkLocal = 'link-local';
/** Whether a path to this target need not be there: a link-local address reaches only who is on the same link. */
export const isOptional = (target: string): boolean => target.endsWith(`-${linkLocal}`);

export type Family = 'IPv4' | 'IPv6';
export const familyOf = (ip: string): Family => (ip.includes(':') ? 'IPv6' : 'IPv4');
const address = (ip: string, port = servicePort): string =>
  familyOf(ip) === 'IPv6' ? `[${ip}]:${port}` : `${ip}:${port}`;

/** Nothing may enter the server tenant's namespace, or nothing may leave the client tenant's. */
export function denyAll(plan: Plan, direction: 'ingress' | 'egress'): V1NetworkPolicy {
  const namespace = direction === 'ingress' ? plan.tenants.server : plan.tenants.client;
  return {
    metadata: { name: `default-deny-${direction}`, namespace, labels: labelsOf(plan.runId) },
    spec: { podSelector: {}, policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'] },
  };
}

/** A pod like any other, but for an annotation by which it asks for a weaker sandbox. */
export function annotatedManifest(common: Common, { name, cell, nonce }: AnnotatedPod): V1Pod {
  const attempts = [{ id: attemptId(rawSocket), ...patient(common.patience, rawSocket) }];
  const { securityContext } = profiles['default-root'];
  const probe = container(common, 'probe', 'attempt', { nonce, attempts }, { securityContext });
  const made = pod(common, name, common.plan.namespace, 'annotated', cell, common.lifetimes.subject, {}, [probe]);
  if (made.metadata) made.metadata.annotations = annotation;
  return made;
}

/** A pod that asks for a handler no node has: it must never run. */
export function missingHandlerManifest(common: Common, cell: Cell, name: string, runtimeClass: string): V1Pod {
  return pod(
    common,
    name,
    common.plan.namespace,
    'missing-handler',
    { ...cell, runtimeClass },
    common.lifetimes.subject,
    {},
    [
      container(
        common,
        'probe',
        'attempt',
        { nonce: '00', attempts: [] },
        { securityContext: profiles.restricted.securityContext },
      ),
    ],
  );
}
