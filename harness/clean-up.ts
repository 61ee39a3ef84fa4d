import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesTarget } from './targets/kubernetes.ts';

/** What is to go: names. */
export interface Remains {
  namespaces: readonly string[];
  runtimeClasses: readonly string[];
}

/** How long namespaces may take to go, in milliseconds, before they are said to be left. */
export const removalPatience = 180_000;
const longestPause = 4_000;

/**
 * Deletes namespaces and RuntimeClasses, and waits for the namespaces to be gone. Returns which deletions failed, as
 * sentences, and which namespaces are still there. Its deadline is its own: that of the run may have passed.
 */
export async function remove(
  target: KubernetesTarget,
  { namespaces, runtimeClasses }: Remains,
  onWait: (left: number) => void = () => undefined,
): Promise<{ failures: string[]; left: string[] }> {
  const failures: string[] = [];
  const attempt = (work: Promise<void>) => work.catch((error: unknown) => void failures.push((error as Error).message));
  for (const name of namespaces) await attempt(target.deleteNamespace(name));
  for (const name of runtimeClasses) await attempt(target.deleteRuntimeClass(name));
  const until = Date.now() + removalPatience;
  let left = [...namespaces];
  for (let pause = 500; failures.length === 0 && left.length > 0 && Date.now() < until; pause *= 2) {
    onWait(left.length);
    await sleep(Math.min(pause, longestPause));
    const exist = await Promise.all(left.map((name) => target.namespaceExists(name).catch(() => true)));
    left = left.filter((_, index) => exist[index]);
  }
  return { failures, left };
}
