import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from './collection.ts';
import type { Fate } from '../evidence.ts';

/** When the cluster's word on a pod is looked for, in milliseconds after the last look; the last one again and again. */
const looks = [0, 5_000, 10_000, 20_000, 40_000];

/**
 * Waits for what becomes of a pod of the run's namespace that the node has to refuse: that it runs, or that the cluster
 * says so. Only a word by which the refusal is known counts: a pod may stay unstarted for many reasons.
 */
export async function fateOf(run: Collection, name: string, isRefusal: (text: string) => boolean): Promise<Fate> {
  const { plan, target, pods, pace, signal } = run;
  const started = Date.now();
  for (let look = 0; ; look++) {
    await sleep(looks[look] ?? looks.at(-1), undefined, { signal });
    const pod = pods.get(plan.namespace, name);
    if (pod?.status?.containerStatuses?.some((one) => one.state?.running ?? one.state?.terminated))
      return { started: true };
    const warnings = await target.warnings(plan.namespace, name).catch(() => [] as string[]);
    const message = [...warnings, pod?.status?.message ?? ''].find(isRefusal);
    if (message !== undefined) return { started: false, message };
    if (Date.now() - started > pace.start())
      return { started: false, cause: `the pod did not start; the cluster said: ${warnings.at(-1) ?? 'nothing'}` };
  }
}
