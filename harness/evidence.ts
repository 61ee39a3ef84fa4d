import { z } from 'zod';

/**
 * The canonical model of a run, `run.json`. Every report is a pure function of it, and it can be judged again.
 * Versioned: a reader refuses a schema that it does not know.
 */
export const schemaVersion = 1;
/** Raised by every edit that can turn one verdict into another. */
export const meaningVersion = 24;

const observation = z.strictObject({
  id: z.string(),
  kind: z.string(),
  value: z.record(z.string(), z.unknown()).optional(),
  errno: z.string().optional(),
  step: z.string().optional(),
  notAttempted: z.string().optional(),
  ms: z.number().optional(),
});

const isolationClass = z.enum(['shared-kernel', 'application-kernel', 'guest-kernel']);

/** A handler on a node. */
const cell = z.strictObject({
  id: z.string(),
  node: z.string(),
  /** The CRI runtime handler; `(default)` when the pod names no RuntimeClass. See handlerOf. */
  handler: z.string(),
  runtimeClass: z.string().nullable(),
  isolationClass: isolationClass.nullable(),
  /** Who says that it is of this class. */
  claimedBy: z.string(),
  /** Verdicts are wanted. A reference cell that is not tested serves as control only. */
  tested: z.boolean(),
  reference: z.boolean(),
  /**
   * Its pods ask for user namespaces of their own (`hostUsers: false`). The reference's never do: a control has to get
   * through.
   */
  userNamespaces: z.literal(true).optional(),
});
export type Cell = z.infer<typeof cell>;

/**
 * The handler as the node knows it. Where RuntimeClasses of one handler claim different things, the later cells are named
 * `HANDLER@RUNTIMECLASS`.
 */
export const handlerOf = ({ handler }: Pick<Cell, 'handler'>): string => handler.split('@')[0] ?? handler;

const container = z.strictObject({
  pod: z.string(),
  namespace: z.string(),
  podUid: z.string().optional(),
  container: z.string(),
  role: z.enum(['witness', 'subject', 'annotated', 'server', 'client']),
  cell: z.string(),
  profile: z.string(),
  /** How the kubelet named the image that ran. */
  imageId: z.string().optional(),
  /** The probe's lines were all there, to the last. */
  complete: z.boolean(),
  /** Why it is not complete, or not to be believed. */
  cause: z.string().optional(),
  /** What `{name}` in this container's attempts stood for. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  observations: z.array(observation),
});
export type ContainerEvidence = z.infer<typeof container>;

/**
 * What became of a pod that its node has to refuse: it started, or was refused with this message, or else this is what is
 * known.
 */
const fate = z.strictObject({ started: z.boolean(), message: z.string().optional(), cause: z.string().optional() });
export type Fate = z.infer<typeof fate>;

/** The path from a tenant's client to another tenant's server. */
const path = z.strictObject({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  network: z.enum(['tcp', 'udp']),
  server: z.enum(['plain', 'flushing']),
  client: z.string(),
  serverContainer: z.string(),
  /** The name under which the client reports its tries. */
  target: z.string(),
  /** The same for the server's address of the other family, where it has one. */
  otherFamily: z.strictObject({ family: z.enum(['IPv4', 'IPv6']), target: z.string() }).optional(),
  /** The same for its link-local address of IPv6, where it has one. Whoever is not on its link does not reach it. */
  linkLocal: z.strictObject({ address: z.string(), target: z.string() }).optional(),
  /** The same for other ports of the server's first address. Undefined in evidence that is older than this. */
  otherPorts: z.array(z.strictObject({ port: z.number(), target: z.string() })).optional(),
});

/**
 * The client's sequence numbers at which the phases changed, read from its own log so that no two clocks have to agree.
 * Before `openUntil` the path is open, from `closedFrom` until `closedUntil` the policy of ingress stands, from `openAgainFrom`
 * on it is lifted. Where egress is denied as well, that ends with `openAgainUntil`, and the same follows once more. A number
 * in between belongs to no phase.
 */
const marks = z.strictObject({
  openUntil: z.number().optional(),
  closedFrom: z.number().optional(),
  closedUntil: z.number().optional(),
  openAgainFrom: z.number().optional(),
  openAgainUntil: z.number().optional(),
  egressClosedFrom: z.number().optional(),
  egressClosedUntil: z.number().optional(),
  openAtLastFrom: z.number().optional(),
});

const planned = z.strictObject({
  check: z.string(),
  cell: z.string(),
  path: z.string().optional(),
  /** Profiles of the containers in which it is made, where these are not all that the check names. */
  subjects: z.array(z.string()).optional(),
});
export type Planned = z.infer<typeof planned>;

/** Verdicts that fail a run, and that somebody may accept for a time. */
const acceptable = z.enum(['breached', 'inconclusive']);

/** A difference from an expectation that somebody accepted, until a day. It is kept outside the checks. */
export const deviationSchema = z.strictObject({
  check: z.string().min(1),
  handler: z.string().min(1),
  /** A glob of node names. */
  nodes: z.string().min(1).default('*'),
  /** What is accepted; any other verdict is not. */
  verdict: acceptable,
  reason: z.string().min(1),
  acceptedBy: z.string().min(1),
  /** The last day on which it is accepted, in UTC. */
  expires: z.iso.date(),
});
export type Deviation = z.infer<typeof deviationSchema>;

const appliedDeviation = z.strictObject({
  ...deviationSchema.shape,
  nodes: z.string(),
  state: z.enum(['accepted', 'expired', 'not-needed']),
  /** Verdicts of this check under this handler on these nodes, whatever they are. */
  selected: z.number(),
  /** How many of them are the one that it names. */
  matched: z.number(),
});
export type AppliedDeviation = z.infer<typeof appliedDeviation>;

const judged = z.strictObject({
  check: z.string(),
  node: z.string(),
  handler: z.string(),
  isolationClass: isolationClass.nullable(),
  /** For a path between tenants: where it leads. */
  to: z.strictObject({ node: z.string(), handler: z.string() }).optional(),
  verdict: z.enum(['held', 'breached', 'exposed', 'inconclusive', 'not-applicable']),
  reason: z.string(),
  expected: z.string(),
  observed: z.string(),
  control: z.string(),
  /** The verdict stands, and somebody accepts it. */
  deviation: deviationSchema.pick({ reason: true, acceptedBy: true, expires: true }).optional(),
});
export type JudgedCheck = z.infer<typeof judged>;

/** What a run says of a proof: how many planted breaches its version of the suite was seen to catch, and on what node. */
const citedProof = z.strictObject({
  /** Of prove.json, as sha256sum has it. */
  sha256: z.string(),
  finished: z.iso.datetime(),
  /** Pairs of a breach and a handler: how many were caught, and of how many. */
  caught: z.number().int().nonnegative(),
  planned: z.number().int().nonnegative(),
  node: z.strictObject({ kernel: z.string(), osImage: z.string(), containerRuntime: z.string(), kubelet: z.string() }),
});
export type CitedProof = z.infer<typeof citedProof>;

const runSchema = z.strictObject({
  schema: z.literal(schemaVersion),
  meaning: z.number(),
  suite: z.strictObject({ name: z.literal('cofferdam'), version: z.string() }),
  run: z.strictObject({
    id: z.string(),
    started: z.iso.datetime(),
    finished: z.iso.datetime(),
    /** Set when the run did not come to its end: what stopped it. */
    interrupted: z.string().optional(),
    options: z.record(z.string(), z.unknown()),
    /** How many times slower than expected the cluster proved to be; deadlines were stretched by it. */
    slowness: z.number(),
    /** Requests sent to the API server, by verb and resource. */
    requests: z.record(z.string(), z.number()),
  }),
  cluster: z.strictObject({
    uid: z.string().optional(),
    version: z.string().optional(),
    /** The API server's clock minus this machine's, in seconds. */
    clockOffset: z.number().optional(),
  }),
  probe: z.strictObject({ image: z.string(), digests: z.array(z.string()) }),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      kernel: z.string(),
      osImage: z.string(),
      architecture: z.string(),
      containerRuntime: z.string(),
      kubelet: z.string(),
      bootId: z.string(),
    }),
  ),
  cells: z.array(cell),
  catalogue: z.strictObject({ sha256: z.string(), checks: z.number() }),
  roster: z.array(planned),
  containers: z.array(container),
  canaries: z.record(z.string(), z.record(z.string(), z.string())),
  network: z.strictObject({
    paths: z.array(path),
    /** By client container. */
    marks: z.record(z.string(), marks),
    /** Why the paths could not be tried, when they could not. */
    cause: z.string().optional(),
  }),
  /** What became of the pod whose handler does not exist, by node. */
  missingHandler: z.record(z.string(), fate),
  /**
   * What became of the pod whose annotation asks for a weaker sandbox, by cell. Undefined in evidence that is older than
   * this.
   */
  annotated: z.record(z.string(), fate).optional(),
  /** What went wrong on the way, in the order in which it did. */
  troubles: z.array(z.strictObject({ what: z.string(), cause: z.string() })),
  verdicts: z.array(judged),
  /** The deviations that the run was given, and what became of each; absent when it was given none. */
  deviations: z
    .strictObject({
      file: z.string(),
      sha256: z.string(),
      /** The moment for which it was asked whether they have expired. */
      at: z.iso.datetime(),
      entries: z.array(appliedDeviation),
    })
    .optional(),
  /** The proof that the run was given to cite; absent when it was given none. */
  proof: citedProof.optional(),
});
export type Run = z.infer<typeof runSchema>;
/** A run before it was judged. What it cites is no evidence of this cluster: no rule can look at it. */
export type Evidence = Omit<Run, 'verdicts' | 'deviations' | 'proof'>;

/** Parses run.json. Throws with what is wrong and where, in one sentence a line. */
export function parseRun(json: unknown): Run {
  const version = (json as { schema?: unknown } | null)?.schema;
  if (version !== schemaVersion) {
    throw new Error(`run.json has schema ${JSON.stringify(version)}, this version of cofferdam reads ${schemaVersion}`);
  }
  const result = runSchema.safeParse(json);
  if (result.success) {
    const seen = new Set<string>();
    for (const identity of result.data.verdicts.map(identityOf)) {
      if (seen.has(identity)) throw new Error(`run.json is damaged: it has two verdicts of ${identity}`);
      seen.add(identity);
    }
    return result.data;
  }
  const issues = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  throw new Error(`run.json is damaged: ${issues.join('; ')}`);
}

/** What a verdict is of. A run has one verdict of each: of two, a reader would believe either. */
const identityOf = ({ check, handler, node, to }: JudgedCheck): string =>
  JSON.stringify([check, handler, node, ...(to ? [to.handler, to.node] : [])]);
