import type { V1Pod } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { creationOf, isTimeout } from './creation.ts';
import type { ContainerEvidence, Evidence } from '../evidence.ts';
import { parseFrames } from './frame.ts';
import type { Journal } from '../journal.ts';
import type { Lifetimes } from './manifests/patience.ts';
import { Pace } from './pace.ts';
import type { Plan } from '../plan/planned.ts';
import { PodTrouble, Pods, describeContainer } from './pods.ts';
import type { Progress } from '../progress.ts';
import type { KubernetesTarget } from '../targets/kubernetes.ts';
import { TargetError } from '../targets/errors.ts';

/** What a run is given beside its plan. */
export interface CollectOptions {
  image: string;
  /** Digests by which the kubelet may name the image; any other image is not believed. */
  digests: readonly string[];
  /** Pods that may start or work at once on a node. Long-lived ones count only while they start. */
  maxPods: number;
  /** Stretches every deadline, on top of what the cluster's own slowness does. */
  timeoutScale: number;
  /** The cluster goes with all that was made in it, so that nothing has to be taken away. */
  thrownAway?: boolean | undefined;
  /** The cluster's policy engine is known to act as soon as there is a policy: nothing is waited for that it might do later. */
  promptPolicies?: boolean | undefined;
  /** The addresses of the nodes. */
  nodeAddresses: ReadonlyMap<string, string>;
  journal: Journal;
  progress: Progress;
  signal: AbortSignal;
}

/** How long a pod is awaited before the reader is told why that may be, in milliseconds. */
const silence = 120_000;
/**
 * How many times longer each time, before that is told again: what takes long in a slow cluster is not to cost it more
 * requests.
 */
const patienceGrows = 3;

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
      patience: {
        attempt: this.pace.attempt(),
        connection: this.pace.connection(),
        answer: this.pace.answer(),
        tenantTry: this.pace.tenantTry(),
        opening: this.pace.opening(),
        seen: this.pace.seen(),
        executed: this.pace.executed(),
      },
    };
  }

  lifetimes(): Lifetimes {
    const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
    return { subject: seconds(this.pace.subjectLifetime()), long: seconds(this.pace.runLifetime(this.#podsOfANode())) };
  }

  /** The most pods that a node has to take in this run. */
  #podsOfANode(): number {
    const { subjects, servers, clients } = this.plan;
    const byNode = Map.groupBy([...subjects, ...servers, ...clients], ({ cell }) => cell.node);
    return Math.max(0, ...[...byNode.values()].map((pods) => pods.length));
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

  /** A pod is done. */
  advance(name: string): void {
    this.#done++;
    this.say(`last ${name}`);
  }

  /** Says on the terminal how far the pods are, and what goes on. */
  say(now: string): void {
    const { plan } = this;
    const total = plan.witnesses.length + plan.subjects.length + plan.servers.length + plan.clients.length;
    this.#step.update(`${this.#done} of ${total} done, ${now}`);
  }

  endStep(): void {
    if (this.signal.aborted) this.#step.fail('interrupted');
    else this.#step.done(`${this.#done} ran${this.troubles.length ? `, ${this.troubles.length} with trouble` : ''}`);
  }

  /** Creates a pod, however often that takes; see `creationOf`. */
  async create(pod: V1Pod): Promise<void> {
    this.signal.throwIfAborted();
    const started = Date.now();
    let timedOut = false;
    for (;;) {
      try {
        await this.target.createPod(pod);
        break;
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        const creation = creationOf(error.failure, timedOut);
        if (creation === 'created') break;
        timedOut ||= isTimeout(error.failure.reason);
        if (creation === 'refused' || this.signal.aborted || Date.now() - started > this.pace.start()) throw error;
        await sleep(1000, undefined, { signal: this.signal });
      }
    }
    this.options.journal.record('pod-created', {
      pod: `${pod.metadata?.namespace ?? 'unknown'}/${pod.metadata?.name ?? 'unknown'}`,
    });
  }

  /**
   * Waits for a pod, and tells the reader what the cluster's events say when that takes long; when it does not get there,
   * adds it to the reason.
   */
  async until(namespace: string, name: string, awaited: 'ready' | 'ended', deadline: number): Promise<V1Pod> {
    const awaiting = new AbortController();
    void this.#tellWhy(namespace, name, awaiting.signal);
    try {
      return await this.pods.until(namespace, name, awaited, deadline, this.signal);
    } catch (error) {
      if (!(error instanceof PodTrouble) || this.signal.aborted) throw error;
      const warnings = await this.target.warnings(namespace, name).catch(() => []);
      const node = await this.nodeState(this.pods.get(namespace, name)?.spec?.nodeName).catch(() => undefined);
      throw new PodTrouble([error.message, node, warnings.at(-1)].filter(Boolean).join('; '));
    } finally {
      awaiting.abort();
    }
  }

  async #tellWhy(namespace: string, name: string, signal: AbortSignal): Promise<void> {
    const ended = () => signal.aborted;
    for (let rest = silence; ; rest *= patienceGrows) {
      await sleep(rest, undefined, { signal }).catch(() => undefined);
      if (ended()) return;
      const warnings = await this.target.warnings(namespace, name).catch(() => []);
      // That a pod of the suite is not ready yet is what the reader knows.
      const [words] = warnings.findLast((text) => !text.startsWith('Startup probe failed'))?.split('\n') ?? [];
      if (words && !ended()) this.say(`${name} is awaited: ${words}`);
    }
  }

  /** Says so when the pod's node is the one at fault. */
  async nodeState(name: string | undefined): Promise<string | undefined> {
    if (name === undefined) return undefined;
    const node = await this.target.node(name);
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
