import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from './collection.ts';
import type { Evidence } from './evidence.ts';
import { labelsOf, missingHandlerManifest } from './manifests.ts';
import type { Plan } from './plan.ts';

const missingPod = (plan: Plan, node: string): string =>
  `missing-handler-${plan.missingHandler?.nodes.indexOf(node) ?? 'unknown'}`;

/** Creates a pod on every node that asks for a handler which cannot be there. It fails while others run. */
export async function startMissingHandler(run: Collection, missing: Evidence['missingHandler']): Promise<void> {
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
export async function finishMissingHandler(run: Collection, missing: Evidence['missingHandler']): Promise<void> {
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
