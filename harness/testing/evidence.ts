import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import { markOf } from '../judge/kernel.ts';

/** Boot id of the node in these tests. */
export const nodeBoot = 'node-boot';

export const cellOf = (handler: string, isolationClass: Cell['isolationClass'], rest: Partial<Cell> = {}): Cell => ({
  id: `${handler}/n`,
  node: 'n',
  handler,
  runtimeClass: handler,
  isolationClass,
  claimedBy: 'test',
  tested: true,
  reference: false,
  ...rest,
});

export const runc = cellOf('runc', 'shared-kernel', { reference: true });
export const gvisor = cellOf('runsc', 'application-kernel');

/** A subject's container that ran to its end and showed this boot id. */
export const subject = (
  cell: Cell,
  bootId: string | undefined,
  rest: Partial<ContainerEvidence> = {},
): ContainerEvidence => ({
  pod: `${cell.handler}-workload`,
  namespace: 'x',
  podUid: `uid-${cell.handler}`,
  container: 'default-root',
  role: 'subject',
  cell: cell.id,
  profile: 'default-root',
  complete: true,
  facts: { nonce: cell.handler, mark: markOf(cell.handler) },
  observations: [{ id: 'i', kind: 'identity', value: { ...(bootId !== undefined && { bootId }) } }],
  ...rest,
});

export interface WitnessTells {
  /** Handlers whose probe it found in the node's process table. */
  marks?: string[];
  /** Handlers whose pods it saw. */
  pods?: string[];
  processes?: {
    podUid: string;
    exe: string;
    argv: string;
    comm: string;
    cgroup?: string;
    machine?: boolean;
    mark?: string;
    filtered?: boolean;
    profiled?: boolean;
    oomScoreAdj?: number | null;
    nice?: number | null;
    policy?: number | null;
    holds?: string[];
    mounted?: string[];
    namespaces?: Record<string, string>;
    pid?: number;
  }[];
  /** What the container engine wrote down. */
  sandboxes?: { id: string; podUid: string; shim: string; handler?: string }[];
  records?: { id: string; podUid: string; handler: string }[];
  /** What the look at open files and mounts found of itself. */
  ownHolds?: string[];
  ownMounted?: string[];
  complete?: boolean;
}

/** The witness of the node, who found these. */
export const witness = ({
  marks = ['runc'],
  pods = ['runc', 'runsc'],
  processes = [],
  sandboxes = [],
  records = [],
  ownHolds,
  ownMounted = ['/var/lib/kubelet/pods/uid-witness/volumes/kubernetes.io~empty-dir/cofferdam'],
  complete = true,
}: WitnessTells = {}): ContainerEvidence => ({
  pod: 'witness-0',
  namespace: 'x',
  container: 'witness',
  role: 'witness',
  cell: runc.id,
  profile: 'witness',
  complete,
  facts: { nonce: 'w' },
  observations: [
    { id: 'truth.identity', kind: 'identity', value: { bootId: nodeBoot } },
    { id: 'planted', kind: 'witness', value: {} },
    ...pods.map((handler) => ({ id: 'census', kind: 'pod', value: { uid: `uid-${handler}` } })),
    ...marks.map((handler) => ({
      id: 'census',
      kind: 'process',
      value: {
        pid: 7,
        mark: markOf(handler),
        podUid: `uid-${handler}`,
        comm: 'x',
        exe: '/probe',
        argv: '',
        namespaces: {},
      },
    })),
    ...(ownHolds ? [{ id: 'census', kind: 'own', value: { holds: ownHolds, mounted: ownMounted } }] : []),
    ...sandboxes.map((value) => ({ id: 'census', kind: 'sandbox', value })),
    ...records.map((value) => ({ id: 'census', kind: 'record', value })),
    ...processes.map((process) => ({ id: 'census', kind: 'process', value: { pid: 8, namespaces: {}, ...process } })),
  ],
});

/** Evidence with these containers, and nothing else. */
export const evidenceOf = (containers: ContainerEvidence[], rest: Partial<Evidence> = {}): Evidence => ({
  schema: 1,
  meaning: 1,
  suite: { name: 'cofferdam', version: '0' },
  run: {
    id: 'r',
    started: '2026-01-01T00:00:00Z',
    finished: '2026-01-01T00:01:00Z',
    options: {},
    slowness: 1,
    requests: {},
  },
  cluster: {},
  probe: { image: 'i', digests: [] },
  nodes: [],
  cells: [runc, gvisor],
  catalogue: { sha256: '', checks: 0 },
  roster: [],
  containers,
  canaries: {},
  network: { paths: [], marks: {} },
  missingHandler: {},
  troubles: [],
  ...rest,
});
