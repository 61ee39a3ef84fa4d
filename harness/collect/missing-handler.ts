import type { Collection } from './collection.ts';
import type { Evidence } from '../evidence.ts';
import { labelsOf } from '../labels.ts';
import { missingHandlerManifest } from './manifests/refused.ts';
import type { Plan } from '../plan/planned.ts';
import { fateOf } from './refusal.ts';

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

/** Waits for what becomes of the pod, then deletes it: the kubelet would go on trying. */
export async function finishMissingHandler(run: Collection, missing: Evidence['missingHandler']): Promise<void> {
  const { plan, target } = run;
  if (!plan.missingHandler) return;
  const { runtimeClass, nodes } = plan.missingHandler;
  for (const node of nodes) {
    if (missing[node]) continue;
    const name = missingPod(plan, node);
    const fate = await fateOf(run, name, (text) => text.includes(runtimeClass)).catch((error: unknown) => ({
      started: false,
      cause: run.trouble(`pod ${name}`, error),
    }));
    missing[node] = fate;
    run.options.journal.record('missing-handler', { node, ...fate });
    await target.deletePod(plan.namespace, name).catch((error: unknown) => run.trouble(`pod ${name}`, error));
  }
}
