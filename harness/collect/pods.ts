import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/**
 * Waiting reasons after which a container with restartPolicy Never does not start any more, or not without help. The
 * kubelet does pull an image again, but what failed is mostly its name, or the registry.
 */
const hopeless = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Why a pod did not come to where it was awaited. */
export class PodTrouble extends Error {
  override name = 'PodTrouble';
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

interface Waiter {
  key: string;
  look(pod: V1Pod | undefined, deleted: boolean): boolean;
}

/** What is known of the run's pods, from the one watch; and who waits for what. */
export class Pods {
  readonly #pods = new Map<string, V1Pod>();
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #waiters = new Set<Waiter>();

  /** Takes an event of the watch. */
  onPod = (pod: V1Pod, deleted: boolean): void => {
    const key = keyOf(pod.metadata?.namespace ?? '', pod.metadata?.name ?? '');
    if (deleted) this.#pods.delete(key);
    else this.#pods.set(key, pod);
    const addresses = addressesIn(pod);
    if (addresses.length) this.#addresses.set(key, addresses);
    for (const waiter of [...this.#waiters]) {
      if (waiter.key === key && waiter.look(pod, deleted)) this.#waiters.delete(waiter);
    }
  };

  get(namespace: string, name: string): V1Pod | undefined {
    return this.#pods.get(keyOf(namespace, name));
  }

  /** What a pod's status said of its addresses last: of one that ended it may say nothing any more. */
  addresses(namespace: string, name: string): readonly string[] | undefined {
    return this.#addresses.get(keyOf(namespace, name));
  }

  /**
   * Waits until a pod is ready or has ended, whichever is awaited. Rejects with a `PodTrouble` when it can no longer get
   * there, is deleted, or the deadline (milliseconds from now) passes: the text says what was awaited and the last state
   * seen.
   */
  async until(
    namespace: string,
    name: string,
    awaited: 'ready' | 'ended',
    deadline: number,
    signal: AbortSignal,
  ): Promise<V1Pod> {
    const key = keyOf(namespace, name);
    return new Promise<V1Pod>((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#waiters.delete(waiter);
      };
      const fail = (text: string) => {
        finish();
        reject(new PodTrouble(text));
      };
      const look = (pod: V1Pod | undefined, deleted: boolean): boolean => {
        if (deleted) return (fail(`pod ${name} was deleted by somebody else while it was awaited`), true);
        if (!pod) return false;
        const ended = hasEnded(pod);
        if (awaited === 'ready' ? isReady(pod) : ended) return (finish(), resolve(pod), true);
        if (awaited === 'ready' && ended)
          return (fail(`pod ${name} ended before it was ready: ${describePod(pod)}`), true);
        const stuck = hopelessCause(pod);
        return stuck === undefined ? false : (fail(`pod ${name} cannot start: ${stuck}`), true);
      };
      const waiter: Waiter = { key, look };
      const onAbort = () => fail(`interrupted while waiting for pod ${name}`);
      const timer = setTimeout(() => {
        const pod = this.#pods.get(key);
        fail(
          `waited ${Math.round(deadline / 1000)} s for pod ${name} to be ${awaited}, it is still ${pod ? describePod(pod) : 'unknown to the API server'}`,
        );
      }, deadline);
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort);
      this.#waiters.add(waiter);
      look(this.#pods.get(key), false);
    });
  }
}

const hasEnded = (pod: V1Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

const isReady = (pod: V1Pod): boolean =>
  pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

/** The addresses of a pod, of each family one. */
const addressesIn = ({ status }: V1Pod): string[] => {
  const all = (status?.podIPs ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  return all.length === 0 && status?.podIP ? [status.podIP] : all;
};

const statuses = (pod: V1Pod): V1ContainerStatus[] => pod.status?.containerStatuses ?? [];

function hopelessCause(pod: V1Pod): string | undefined {
  const stuck = statuses(pod).find((one) => hopeless.has(one.state?.waiting?.reason ?? ''));
  const { reason, message } = stuck?.state?.waiting ?? {};
  return stuck && `${stuck.name}: ${reason ?? 'unknown'}${message ? ` (${message})` : ''}`;
}

/** The pod's state as its status tells it: `Pending (subject: ContainerCreating)`. */
export function describePod(pod: V1Pod): string {
  const { phase, reason, message } = pod.status ?? {};
  const unscheduled = pod.status?.conditions?.find((one) => one.type === 'PodScheduled' && one.status === 'False');
  const parts = [
    message ?? reason,
    unscheduled?.message,
    ...statuses(pod).map((one) => `${one.name}: ${describeContainer(one)}`),
  ].filter(Boolean);
  return `${phase ?? 'without a phase'}${parts.length ? ` (${parts.join('; ')})` : ''}`;
}

/** How a container stands: `exit code 137 (OOMKilled)`. */
export function describeContainer({ state }: V1ContainerStatus): string {
  if (state?.waiting) return state.waiting.reason ?? 'waiting';
  if (state?.terminated) {
    const { exitCode, reason = 'no reason given', message } = state.terminated;
    // What the runtime says of a container that it could not start. Of one that ran, the message is what that printed.
    return `exit code ${exitCode} (${reason}${reason === 'StartError' && message ? `: ${message}` : ''})`;
  }
  return state?.running ? 'running' : 'unknown';
}
