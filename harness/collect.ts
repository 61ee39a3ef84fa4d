import type { V1Pod } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Facts } from './attempt.ts';
import type { ContainerEvidence, Evidence } from './evidence.ts';
import { parseFrames } from './frame.ts';
import type { Journal } from './journal.ts';
import { labelsOf, missingHandlerManifest, subjectManifest, witnessManifest } from './manifests.ts';
import type { Lifetimes } from './manifests.ts';
import { collectNetwork } from './network.ts';
import { Pace } from './pace.ts';
import type { Plan, SubjectPod, WitnessPod } from './plan.ts';
import { PodTrouble, Pods, describeContainer } from './pods.ts';
import type { Progress } from './progress.ts';
import type { KubernetesTarget } from './targets/kubernetes.ts';
import { TargetError } from './targets/errors.ts';
import { factsFromWitness } from './facts.ts';

/** What a run is given beside its plan. */
export interface CollectOptions {
  image: string;
  /** Digests by which the kubelet may name the image; any other image is not believed. */
  digests: readonly string[];
  /** Pods that may start or work at once on a node. Long-lived ones count only while they start. */
  maxPods: number;
  /** Stretches every deadline, on top of what the cluster's own slowness does. */
  timeoutScale: number;
  /** The addresses of the nodes. */
  nodeAddresses: ReadonlyMap<string, string>;
  journal: Journal;
  progress: Progress;
  signal: AbortSignal;
}

/** What was collected: the parts of a run's evidence that come from the cluster. */
export type Collected = Pick<Evidence, 'containers' | 'canaries' | 'network' | 'missingHandler' | 'troubles'> & {
  interrupted?: string;
  slowness: number;
};

/** How long clean-up may take, in milliseconds, before it gives up and says what is left. */
const cleanUpDeadline = 180_000;

/** The shared state of a collection; see `collect`. */
export class Collection {
  readonly plan: Plan;
  readonly target: KubernetesTarget;
  readonly options: CollectOptions;
  readonly pods = new Pods();
  readonly pace: Pace;
  readonly containers: ContainerEvidence[] = [];
  readonly troubles: Evidence['troubles'] = [];
  /** Aborted by the user's signal, or when the API server is lost. */
  readonly abort = new AbortController();
  readonly #limits = new Map<string, ReturnType<typeof pLimit>>();
  #done = 0;
  readonly #step;

  constructor(plan: Plan, target: KubernetesTarget, options: CollectOptions) {
    this.plan = plan;
    this.target = target;
    this.options = options;
    this.pace = new Pace(options.timeoutScale);
    this.#step = options.progress.step('pods');
    options.signal.addEventListener('abort', () => this.abort.abort(options.signal.reason), {
      signal: this.abort.signal,
    });
    if (options.signal.aborted) this.abort.abort(options.signal.reason);
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** A method, so that asking again after an await is not taken for asking twice. */
  stopped(): boolean {
    return this.signal.aborted;
  }

  common() {
    return {
      plan: this.plan,
      image: this.options.image,
      lifetimes: this.lifetimes(),
      patience: { attempt: this.pace.attempt(), connection: this.pace.connection() },
    };
  }

  lifetimes(): Lifetimes {
    const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
    return { subject: seconds(this.pace.subjectLifetime()), long: seconds(this.pace.runLifetime()) };
  }

  /** Runs work on a node, at most as much at once as the node is to take. */
  limited<T>(node: string, work: () => Promise<T>): Promise<T> {
    const limit = this.#limits.get(node) ?? pLimit(this.options.maxPods);
    this.#limits.set(node, limit);
    return limit(work);
  }

  trouble(what: string, error: unknown): string {
    const cause = error instanceof Error ? error.message : String(error);
    // What follows from an interruption is not a trouble of its own.
    if (!this.signal.aborted) {
      this.troubles.push({ what, cause });
      this.options.journal.record('trouble', { what, cause });
    }
    return cause;
  }

  /** Says on the terminal how far the pods are. */
  advance(name: string): void {
    const { plan } = this;
    const total = plan.witnesses.length + plan.subjects.length + plan.servers.length + plan.clients.length;
    this.#step.update(`${++this.#done} of ${total} done, last ${name}`);
  }

  endStep(): void {
    if (this.signal.aborted) this.#step.fail('interrupted');
    else this.#step.done(`${this.#done} ran${this.troubles.length ? `, ${this.troubles.length} with trouble` : ''}`);
  }

  /** Creates a pod. Its default service account may be seconds away after its namespace: that alone is waited for. */
  async create(pod: V1Pod): Promise<void> {
    const started = Date.now();
    for (;;) {
      try {
        await this.target.createPod(pod);
        this.options.journal.record('pod-created', {
          pod: `${pod.metadata?.namespace ?? 'unknown'}/${pod.metadata?.name ?? 'unknown'}`,
        });
        return;
      } catch (error) {
        const early =
          error instanceof TargetError &&
          error.failure.status === 403 &&
          /serviceaccount "?default"? not found|error looking up service account/.test(error.failure.message);
        if (!early || this.signal.aborted || Date.now() - started > this.pace.start()) throw error;
        await sleep(1000, undefined, { signal: this.signal });
      }
    }
  }

  /** Waits for a pod; when it does not get there, adds what the cluster's events say to the reason. */
  async until(namespace: string, name: string, awaited: 'ready' | 'ended', deadline: number): Promise<V1Pod> {
    try {
      return await this.pods.until(namespace, name, awaited, deadline, this.signal);
    } catch (error) {
      if (!(error instanceof PodTrouble) || this.signal.aborted) throw error;
      const warnings = await this.target.warnings(namespace, name).catch(() => []);
      const node = await this.nodeState(this.pods.get(namespace, name)?.spec?.nodeName).catch(() => undefined);
      throw new PodTrouble([error.message, node, warnings.at(-1)].filter(Boolean).join('; '));
    }
  }

  /** Says so when the pod's node is the one at fault. */
  async nodeState(name: string | undefined): Promise<string | undefined> {
    if (name === undefined) return undefined;
    const node = (await this.target.nodes(`kubernetes.io/hostname=${name}`)).find((one) => one.metadata?.name === name);
    if (!node) return `node ${name} is gone`;
    const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
    return ready?.status === 'True' ? undefined : `node ${name} is not ready (${ready?.message ?? 'no condition'})`;
  }

  /** Reads a container's log and turns it into evidence; what is wrong becomes its cause. */
  async readContainer(
    about: Omit<ContainerEvidence, 'complete' | 'observations' | 'cause' | 'podUid' | 'imageId'>,
    cause?: string,
  ): Promise<ContainerEvidence> {
    const pod = this.pods.get(about.namespace, about.pod);
    const status = pod?.status?.containerStatuses?.find((one) => one.name === about.container);
    const base = {
      ...about,
      ...(pod?.metadata?.uid && { podUid: pod.metadata.uid }),
      ...(status?.imageID && { imageId: status.imageID }),
    };
    const record = (evidence: ContainerEvidence): ContainerEvidence => {
      this.containers.push(evidence);
      const { observations, facts: _, ...rest } = evidence;
      this.options.journal.record('container', { ...rest, observations });
      return evidence;
    };
    if (!status?.state?.terminated && !status?.state?.running) {
      return record({
        ...base,
        complete: false,
        cause: cause ?? `the container never ran (${status ? describeContainer(status) : 'no status'})`,
        observations: [],
      });
    }
    let log: string;
    try {
      log = await this.target.log(about.namespace, about.pod, about.container);
    } catch (error) {
      return record({ ...base, complete: false, cause: this.trouble(`log of ${about.pod}`, error), observations: [] });
    }
    this.options.journal.raw(`${about.pod}.${about.container}`, log);
    const foreign = foreignImage(status.imageID, this.options.digests);
    if (foreign) return record({ ...base, complete: false, cause: foreign, observations: [] });
    const framed = parseFrames(log, String(about.facts['nonce']));
    const ended = status.state.terminated ? `; ${describeContainer(status)}` : '';
    return record({
      ...base,
      complete: framed.complete,
      ...(!framed.complete && {
        cause: [cause, `${framed.cause ?? 'unknown cause'}${ended}`].filter(Boolean).join('; '),
      }),
      observations: framed.observations,
    });
  }
}

/** The probe is believed only as the image that this version builds: another could print anything. */
function foreignImage(imageId: string | undefined, digests: readonly string[]): string | undefined {
  if (digests.some((digest) => imageId?.includes(digest))) return undefined;
  return `the image that ran is ${imageId || 'unknown'}, not the probe that this version builds (${digests.join(' or ')}), so its word counts for nothing`;
}

/** Runs the plan on the cluster, and takes everything away again, however it ends. Throws only when nothing could begin. */
export async function collect(plan: Plan, target: KubernetesTarget, options: CollectOptions): Promise<Collected> {
  const run = new Collection(plan, target, options);
  let stopWatch: (() => Promise<void>) | undefined;
  const canaries = Object.fromEntries(plan.witnesses.map((witness) => [witness.cell.node, { ...witness.canaries }]));
  const missing: Evidence['missingHandler'] = {};
  let network: Evidence['network'] = { paths: [], marks: {} };
  let interrupted: string | undefined;
  try {
    await createNamespaces(run);
    const onLost = (cause: string) => run.abort.abort(new Error(cause));
    stopWatch = await target.watchPods(plan.runId, run.pods.onPod, onLost, run.pace.apiPatience());
    await startMissingHandler(run, missing);
    // One after the other: a sandbox that only waits costs too, under gVisor a tenth of an emulated processor.
    network = await collectNetwork(run);
    const nodes = plan.witnesses.map((witness) => collectNode(run, witness));
    await Promise.all([...nodes, finishMissingHandler(run, missing)]);
  } catch (error) {
    run.trouble('the run', error);
  } finally {
    if (run.signal.aborted) interrupted = (run.signal.reason as Error | undefined)?.message ?? 'interrupted';
    run.endStep();
    await stopWatch?.();
    await cleanUp(run);
  }
  return {
    containers: run.containers,
    canaries,
    network,
    missingHandler: missing,
    troubles: run.troubles,
    slowness: run.pace.slowness,
    ...(interrupted !== undefined && { interrupted }),
  };
}

async function createNamespaces({ plan, target, options }: Collection): Promise<void> {
  // Pods that are meant to be weak need a namespace that lets them in; the client tenant's needs none.
  const level = (name: string) => ({
    'pod-security.kubernetes.io/enforce': name,
    'pod-security.kubernetes.io/warn': name,
  });
  const wanted: [string, string][] = [
    [plan.namespace, 'privileged'],
    ...(plan.clients.length
      ? ([
          [plan.tenants.client, 'restricted'],
          [plan.tenants.server, 'privileged'],
        ] as [string, string][])
      : []),
  ];
  for (const [name, security] of wanted) {
    await target.createNamespace(name, { ...labelsOf(plan.runId), ...level(security) });
    options.journal.record('namespace-created', { name });
  }
}

/** Everything on one node: the witness first, then the subjects, then the witness's end. */
async function collectNode(run: Collection, witness: WitnessPod): Promise<void> {
  const { plan } = run;
  const node = witness.cell.node;
  const about = {
    pod: witness.name,
    namespace: plan.namespace,
    container: 'witness',
    role: 'witness',
    cell: witness.cell.id,
    profile: 'witness',
    facts: { nonce: witness.nonce },
  } as const;
  let facts: Facts = {};
  let cause: string | undefined;
  try {
    facts = await run.limited(node, async () => {
      const started = Date.now();
      await run.create(witnessManifest(run.common(), witness));
      await run.until(plan.namespace, witness.name, 'ready', run.pace.start());
      run.pace.measured(Date.now() - started);
      const log = await run.target.log(plan.namespace, witness.name, 'witness');
      return factsFromWitness(
        parseFrames(log, witness.nonce).observations,
        witness,
        plan,
        run.options.nodeAddresses.get(node),
      );
    });
  } catch (error) {
    cause = run.trouble(`witness on node ${node}`, error);
    facts = factsFromWitness([], witness, plan, run.options.nodeAddresses.get(node));
  }
  const subjects = plan.subjects.filter((subject) => subject.cell.node === node);
  await Promise.all(subjects.map((subject) => run.limited(node, () => collectSubject(run, subject, facts))));
  if (run.signal.aborted) return;
  if (cause === undefined) {
    try {
      await run.target.endPod(plan.namespace, witness.name);
      await run.until(plan.namespace, witness.name, 'ended', run.pace.end());
    } catch (error) {
      cause = run.trouble(`end of the witness on node ${node}`, error);
    }
  }
  await run.readContainer(about, cause);
  run.advance(witness.name);
}

async function collectSubject(run: Collection, subject: SubjectPod, facts: Facts): Promise<void> {
  const { plan, target } = run;
  if (run.stopped()) return;
  let cause: string | undefined;
  try {
    await run.create(subjectManifest(run.common(), subject, facts));
    await run.until(plan.namespace, subject.name, 'ended', run.pace.subject(subject.containers.length));
  } catch (error) {
    cause = run.trouble(`pod ${subject.name}`, error);
  }
  if (run.stopped()) return;
  for (const container of subject.containers) {
    const about = {
      pod: subject.name,
      namespace: plan.namespace,
      container: container.name,
      role: 'subject',
      cell: subject.cell.id,
      profile: container.profile,
      facts: { ...facts, ...container.facts },
    } as const;
    await run.readContainer(about, cause);
  }
  // Room for the next one. What cannot be deleted now goes with the namespace.
  await target
    .deletePod(plan.namespace, subject.name)
    .catch((error: unknown) => run.trouble(`pod ${subject.name}`, error));
  run.advance(subject.name);
}

const missingPod = (plan: Plan, node: string): string =>
  `missing-handler-${plan.missingHandler?.nodes.indexOf(node) ?? 'unknown'}`;

async function startMissingHandler(run: Collection, missing: Evidence['missingHandler']): Promise<void> {
  const { plan, target } = run;
  if (!plan.missingHandler) return;
  const { runtimeClass, nodes } = plan.missingHandler;
  try {
    // The handler is named like the RuntimeClass: unique to this run, so no node can have it.
    await target.createRuntimeClass(runtimeClass, runtimeClass, labelsOf(plan.runId));
    for (const node of nodes) {
      const cell = plan.cells.find((one) => one.node === node && one.reference);
      if (cell) await run.create(missingHandlerManifest(run.common(), cell, missingPod(plan, node), runtimeClass));
    }
  } catch (error) {
    const cause = run.trouble('the pod with a handler that does not exist', error);
    for (const node of nodes) missing[node] = { started: false, cause };
  }
}

/** When the cluster's word on the pod is looked for, in milliseconds after the last look. */
const looksAtMissingHandler = [0, 5_000, 10_000, 20_000, 40_000];

/** Waits for what becomes of the pod, then deletes it: the kubelet would go on trying. */
async function finishMissingHandler(run: Collection, missing: Evidence['missingHandler']): Promise<void> {
  const { plan, target } = run;
  for (const node of plan.missingHandler?.nodes ?? []) {
    if (missing[node]) continue;
    const name = missingPod(plan, node);
    let seen: Evidence['missingHandler'][string] = { started: false };
    for (const pause of looksAtMissingHandler) {
      await sleep(pause, undefined, { signal: run.signal });
      seen = await fateOf(run, name);
      if (seen.started || seen.message !== undefined) break;
    }
    missing[node] = seen;
    run.options.journal.record('missing-handler', { node, ...seen });
    await target.deletePod(plan.namespace, name).catch((error: unknown) => run.trouble(`pod ${name}`, error));
  }
}

async function fateOf({ plan, target, pods }: Collection, name: string): Promise<Evidence['missingHandler'][string]> {
  const pod = pods.get(plan.namespace, name);
  if (pod?.status?.containerStatuses?.some((one) => one.state?.running ?? one.state?.terminated))
    return { started: true };
  const warnings = await target.warnings(plan.namespace, name).catch(() => [] as string[]);
  // Only a word about this very handler counts: a pod may stay unstarted for many reasons.
  const handler = plan.missingHandler?.runtimeClass ?? '';
  const message = [...warnings, pod?.status?.message ?? ''].find((text) => text.includes(handler));
  if (message) return { started: false, message };
  return { started: false, cause: `the pod did not start; the cluster said: ${warnings.at(-1) ?? 'nothing'}` };
}

/** Takes away what the run made, in reverse order, with deadlines of its own: the run's may have passed. */
async function cleanUp({ plan, target, options, troubles }: Collection): Promise<void> {
  const step = options.progress.step('cleaning up');
  const namespaces = [plan.tenants.client, plan.tenants.server, plan.namespace];
  const failures: string[] = [];
  const attempt = async (work: Promise<void>) =>
    work.catch((error: unknown) => void failures.push((error as Error).message));
  for (const name of namespaces) await attempt(target.deleteNamespace(name));
  if (plan.missingHandler) await attempt(target.deleteRuntimeClass(plan.missingHandler.runtimeClass));
  const until = Date.now() + cleanUpDeadline;
  let left = namespaces;
  for (
    let wait = 500;
    failures.length === 0 && left.length > 0 && Date.now() < until;
    wait = Math.min(wait * 2, 4000)
  ) {
    await sleep(wait);
    const exist = await Promise.all(left.map((name) => target.namespaceExists(name).catch(() => true)));
    left = left.filter((_, index) => exist[index]);
    step.update(`waiting for ${left.length} namespaces to go`);
  }
  if (failures.length || left.length) {
    const cause = [...failures, ...(left.length ? [`still there: ${left.join(', ')}`] : [])].join('; ');
    const trouble = { what: 'clean-up', cause: `${cause}. Later: cofferdam clean --run ${plan.runId}` };
    troubles.push(trouble);
    options.journal.record('trouble', trouble);
    step.fail(`${cause}. Run: cofferdam clean --run ${plan.runId}`);
  } else step.done();
  options.journal.record('cleaned-up', { failures, left });
}
