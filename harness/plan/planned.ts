import type { PodShape } from '../../fixtures/profiles.ts';
import type { Attempt, Facts } from '../attempt.ts';
import type { Check, ProfileName, Touch } from '../check.ts';
import type { Cell, Planned } from '../evidence.ts';

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

/** A pod that watches a node, and plants on it. */
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

/** A tenant that is to be reached, or not. */
export interface ServerPod {
  kind: 'server';
  name: string;
  cell: Cell;
  nonce: string;
  server: 'plain' | 'flushing';
}

/** A tenant that tries to reach the servers. */
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

/** A way from a client to a server, over one protocol. */
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
