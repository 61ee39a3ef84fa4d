import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesTarget, Reach } from '../targets/kubernetes.ts';

/** What is to go: names. */
export interface Remains {
  namespaces: readonly string[];
  runtimeClasses: readonly string[];
}

/** What takes away what a run left, as the user types it: of this run alone, in this cluster. */
export const cleanCommand = (runId: string, { kubeconfig, context }: Reach): string =>
  [
    `cofferdam clean --run ${runId}`,
    ...(kubeconfig === undefined ? [] : [`--kubeconfig ${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context ${context}`]),
  ].join(' ');

/** How long namespaces may take to go, in milliseconds, before they are said to be left. */
export const removalPatience = 180_000;
const longestPause = 4_000;

/** What became of a removal. */
export interface Removal {
  removed: Remains;
  /** Which deletions failed, as sentences. */
  failures: string[];
  /** Namespaces that were deleted and are still there. */
  left: string[];
}

/**
 * Deletes namespaces and RuntimeClasses, and waits for the namespaces to be gone. Its deadline is its own: that of the run
 * may have passed.
 */
export async function remove(
  target: KubernetesTarget,
  { namespaces, runtimeClasses }: Remains,
  onWait: (left: number) => void = () => undefined,
): Promise<Removal> {
  const failures: string[] = [];
  const deleted = async (names: readonly string[], deletion: (name: string) => Promise<void>): Promise<string[]> => {
    const those: string[] = [];
    for (const name of names) {
      try {
        await deletion(name);
        those.push(name);
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    return those;
  };
  const going = await deleted(namespaces, (name) => target.deleteNamespace(name));
  const classes = await deleted(runtimeClasses, (name) => target.deleteRuntimeClass(name));
  let left = going;
  const until = Date.now() + removalPatience;
  for (let pause = 500; left.length > 0 && Date.now() < until; pause *= 2) {
    onWait(left.length);
    await sleep(Math.min(pause, longestPause));
    const exist = await Promise.all(left.map((name) => target.namespaceExists(name).catch(() => true)));
    left = left.filter((_, index) => exist[index]);
  }
  const removed = { namespaces: going.filter((name) => !left.includes(name)), runtimeClasses: classes };
  return { removed, failures, left };
}
