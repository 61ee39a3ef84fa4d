import { addedMounts, addedVariables, changedLimits, hostPaths } from './added-by-admission.ts';
import type { Facts } from '../attempt.ts';
import { cleanCommand, remove } from './clean-up.ts';
import { Collection } from './collection.ts';
import type { CollectOptions } from './collection.ts';
import type { Evidence } from '../evidence.ts';
import { factsFromWitness } from './facts.ts';
import { parseFrames } from './frame.ts';
import { labelsOf } from '../labels.ts';
import { subjectManifest } from './manifests/subject.ts';
import { witnessManifest } from './manifests/witness.ts';
import { collectAnnotated } from './annotated.ts';
import { finishMissingHandler, startMissingHandler } from './missing-handler.ts';
import { endTenants, throughNetwork, untriedNetwork } from './network.ts';
import { tenantNamespaces } from '../plan/plan.ts';
import type { Plan, SubjectPod, WitnessPod } from '../plan/planned.ts';
import type { KubernetesTarget } from '../targets/kubernetes.ts';

/** What was collected: the parts of a run's evidence that come from the cluster. */
export type Collected = Pick<
  Evidence,
  'containers' | 'canaries' | 'network' | 'missingHandler' | 'annotated' | 'troubles'
> & {
  interrupted?: string;
  slowness: number;
};

/**
 * Runs the plan on the cluster, and takes everything away again, however it ends, unless the cluster is thrown away. What could
 * not begin is in the evidence, too, with its cause: a run that saw nothing is judged like any other.
 */
export async function collect(plan: Plan, target: KubernetesTarget, options: CollectOptions): Promise<Collected> {
  const run = new Collection(plan, target, options);
  let stopWatch: (() => Promise<void>) | undefined;
  const canaries = Object.fromEntries(plan.witnesses.map((witness) => [witness.cell.node, { ...witness.canaries }]));
  const missing: Evidence['missingHandler'] = {};
  const annotated: NonNullable<Evidence['annotated']> = {};
  const network = untriedNetwork(plan);
  let interrupted: string | undefined;
  try {
    await createNamespaces(run);
    const onLost = (cause: string) => run.abort.abort(new Error(cause));
    stopWatch = await target.watchPods(plan.runId, run.pods.onPod, onLost, run.pace.apiPatience());
    await startMissingHandler(run, missing);
    // The paths first, and the rest after them: beside busy pods, an emulated processor lets attempts and connections time
    // out. The kubelet goes on trying to start pods that are refused, so those are looked at early, and deleted.
    await Promise.all([
      throughNetwork(run, network),
      finishMissingHandler(run, missing),
      collectAnnotated(run, annotated),
    ]);
    // To end a pod is mostly waiting for the kubelet. It is not for those beside it: subjects that started while the
    // tenants ended, and not after the witness, took up to five times longer for what they tried.
    await Promise.all([endTenants(run), ...plan.witnesses.map((witness) => collectNode(run, witness))]);
  } catch (error) {
    const cause = run.trouble('the run', error);
    network.cause ??= cause;
  } finally {
    if (run.signal.aborted) interrupted = (run.signal.reason as Error | undefined)?.message ?? 'interrupted';
    run.endStep();
    await stopWatch?.();
    if (!options.thrownAway) await cleanUp(run);
  }
  return {
    containers: run.containers,
    canaries,
    network,
    missingHandler: missing,
    annotated,
    troubles: run.troubles,
    slowness: run.pace.slowness,
    ...(interrupted !== undefined && { interrupted }),
  };
}

async function createNamespaces({ plan, target, options, signal }: Collection): Promise<void> {
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
    signal.throwIfAborted();
    await target.createNamespace(name, { ...labelsOf(plan.runId), ...level(security) });
    options.journal.record('namespace-created', { name });
  }
}

/** A witness that stands, or why it does not. */
interface Standing {
  /** What the attempts of its node's pods need to know: where the canaries are, the node's addresses and devices. */
  facts: Facts;
  cause?: string;
}

async function startWitness(run: Collection, witness: WitnessPod): Promise<Standing> {
  const { plan } = run;
  const node = witness.cell.node;
  const address = run.options.nodeAddresses.get(node);
  try {
    return await run.limited(node, async () => {
      const started = Date.now();
      await run.create(witnessManifest(run.common(), witness));
      await run.until(plan.namespace, witness.name, 'ready', run.pace.start());
      run.pace.measured(Date.now() - started);
      const log = await run.target.log(plan.namespace, witness.name, 'witness');
      const { observations } = parseFrames(log, witness.nonce);
      run.say(`the witness of ${node} stands`);
      return { facts: factsFromWitness(observations, witness, plan, address) };
    });
  } catch (error) {
    const cause = run.trouble(`witness on node ${node}`, error);
    return { facts: factsFromWitness([], witness, plan, address), cause };
  }
}

/** Everything on one node: the witness first, then the subjects, then the witness's end, which has to see all of them. */
async function collectNode(run: Collection, witness: WitnessPod): Promise<void> {
  const { plan } = run;
  const node = witness.cell.node;
  const { facts, cause: notStanding } = await startWitness(run, witness);
  const subjects = plan.subjects.filter((subject) => subject.cell.node === node);
  await Promise.all(subjects.map((subject) => run.limited(node, () => collectSubject(run, subject, facts))));
  if (run.signal.aborted) return;
  let cause = notStanding;
  if (cause === undefined) {
    try {
      await run.target.endPod(plan.namespace, witness.name);
      await run.until(plan.namespace, witness.name, 'ended', run.pace.end());
    } catch (error) {
      cause = run.trouble(`end of the witness on node ${node}`, error);
    }
  }
  await run.readContainer(
    {
      pod: witness.name,
      namespace: plan.namespace,
      container: 'witness',
      role: 'witness',
      cell: witness.cell.id,
      profile: 'witness',
      facts: { nonce: witness.nonce },
    },
    cause,
  );
  await letGo(run, witness.name);
}

async function collectSubject(run: Collection, subject: SubjectPod, facts: Facts): Promise<void> {
  const { plan } = run;
  if (run.stopped()) return;
  let cause: string | undefined;
  const asked = subjectManifest(run.common(), subject, facts);
  try {
    await run.create(asked);
    await run.until(plan.namespace, subject.name, 'ended', run.pace.subject(subject.containers.length));
  } catch (error) {
    cause = run.trouble(`pod ${subject.name}`, error);
  }
  if (run.stopped()) return;
  const stored = run.pods.get(plan.namespace, subject.name);
  const addresses = run.pods.addresses(plan.namespace, subject.name);
  const ofNode = hostPaths(asked, stored);
  for (const container of subject.containers) {
    const variables = addedVariables(asked, stored, container.name);
    const mounts = addedMounts(asked, stored, container.name);
    const about = {
      pod: subject.name,
      namespace: plan.namespace,
      container: container.name,
      role: 'subject',
      cell: subject.cell.id,
      profile: container.profile,
      facts: {
        ...facts,
        ...container.facts,
        ...changedLimits(asked, stored, container.name),
        ...(variables && { 'environment.added': variables.join(' ') }),
        // No path at which something is mounted has a colon in it (the API server's validation of mountPath).
        ...(mounts?.length && { 'mounts.added': mounts.join(':') }),
        ...(ofNode.length && { 'volumes.hostPaths': ofNode.join('\n') }),
        ...(addresses && { 'pod.addresses': addresses.join(' ') }),
      },
    } as const;
    await run.readContainer(about, cause);
  }
  await letGo(run, subject.name);
}

/**
 * A pod is done and read: that makes room for the next one, and a namespace without pods goes sooner. What cannot be
 * deleted now goes with the namespace.
 */
async function letGo(run: Collection, name: string): Promise<void> {
  await run.target.deletePod(run.plan.namespace, name).catch((error: unknown) => run.trouble(`pod ${name}`, error));
  run.advance(name);
}

/** Takes away what the run made, in reverse order. */
async function cleanUp({ plan, target, options, troubles }: Collection): Promise<void> {
  const step = options.progress.step('cleaning up');
  const remains = {
    namespaces: [...tenantNamespaces(plan), plan.namespace],
    runtimeClasses: plan.missingHandler ? [plan.missingHandler.runtimeClass] : [],
  };
  const { failures, left } = await remove(target, remains, (count) =>
    step.update(`waiting for ${count} ${count === 1 ? 'namespace' : 'namespaces'} to go`),
  );
  if (failures.length || left.length) {
    const cause = [...failures, ...(left.length ? [`still there: ${left.join(', ')}`] : [])].join('; ');
    const later = cleanCommand(plan.runId, target.reach);
    const trouble = { what: 'clean-up', cause: `${cause}. Later: ${later}` };
    troubles.push(trouble);
    options.journal.record('trouble', trouble);
    step.fail(`${cause}. Run: ${later}`);
  } else step.done();
  options.journal.record('cleaned-up', { failures, left });
}
