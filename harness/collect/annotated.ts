import { annotation } from '../judge/annotations.ts';
import type { Collection } from './collection.ts';
import type { Evidence, Fate } from '../evidence.ts';
import { annotatedManifest } from './manifests/refused.ts';
import type { AnnotatedPod } from '../plan/planned.ts';
import { fateOf } from './refusal.ts';

/**
 * What gVisor says of a flag that no annotation may set (runsc/config/flags.go, isOverrideAllowed). Whoever else refuses
 * the pod, such as a cluster's admission, names the annotation.
 */
const isRefusal = (text: string): boolean =>
  text.includes('flag override disabled') || Object.keys(annotation).some((key) => text.includes(key));

/** Creates the pods whose annotation asks for a weaker sandbox, each in its turn, and sees what becomes of them. */
export async function collectAnnotated(run: Collection, fates: NonNullable<Evidence['annotated']>): Promise<void> {
  for (const pod of run.plan.annotated) {
    if (run.stopped()) return;
    fates[pod.cell.id] = await collectOne(run, pod);
  }
}

async function collectOne(run: Collection, planned: AnnotatedPod): Promise<Fate> {
  const { plan, target, pace } = run;
  const { name, cell, nonce } = planned;
  try {
    await run.create(annotatedManifest(run.common(), planned));
    const fate = await fateOf(run, name, isRefusal);
    run.options.journal.record('annotated', { cell: cell.id, ...fate });
    if (!fate.started) return fate;
    await run.until(plan.namespace, name, 'ended', pace.subject(1));
    const about = { pod: name, namespace: plan.namespace, container: 'probe', cell: cell.id, facts: { nonce } };
    await run.readContainer({ ...about, role: 'annotated', profile: 'default-root' });
    return fate;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return isRefusal(message)
      ? { started: false, message }
      : { started: false, cause: run.trouble(`pod ${name}`, error) };
  } finally {
    // The kubelet would go on trying to start one that is refused.
    await target.deletePod(plan.namespace, name).catch((error: unknown) => run.trouble(`pod ${name}`, error));
  }
}
