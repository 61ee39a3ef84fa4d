import type { Check } from './check.ts';
import { catalogueDigest } from './catalogue.ts';
import { collect } from './collect/collect.ts';
import { applyDeviations } from './deviations.ts';
import type { Deviations } from './deviations.ts';
import { discover } from './discover/discover.ts';
import type { Discovered, Selection } from './discover/discover.ts';
import { meaningVersion, schemaVersion } from './evidence.ts';
import type { CitedProof, Run } from './evidence.ts';
import { imageDigests } from './image/image.ts';
import { Journal } from './journal.ts';
import { judgeStored } from './judging.ts';
import { makePlan } from './plan/plan.ts';
import type { Scope } from './plan/scope.ts';
import type { Plan } from './plan/planned.ts';
import type { Progress } from './progress.ts';
import { readRun, writeRun } from './store.ts';
import type { KubernetesTarget } from './targets/kubernetes.ts';
import { version } from './version.ts';

/** What a run needs to know. */
export interface RunOptions extends Selection, Scope {
  checks: readonly Check[];
  image: string;
  /** What the user selected, as globs; nothing was unless told. */
  only?: readonly string[];
  out: string;
  /** How many pods at once; what the nodes can take unless told. */
  maxPods?: number | undefined;
  timeoutScale?: number;
  /** See `CollectOptions`. */
  thrownAway?: boolean;
  /** See `CollectOptions`. */
  promptPolicies?: boolean;
  /** What somebody accepted. */
  deviations?: Deviations | undefined;
  /** What was seen of this version of the suite elsewhere. */
  proof?: CitedProof | undefined;
  progress: Progress;
  signal: AbortSignal;
  /** Called with what is going to happen, before anything is created. */
  onPlan(plan: Plan, discovered: Discovered): void;
}

/** Two pods for every processor keep a node busy without piling work up: an idle sandbox costs too. */
export const defaultMaxPods = (processors: number): number => Math.min(Math.max(2 * processors, 2), 10);

/** discover → plan → collect → judge, into a directory. The run is on disk, unjudged, before it is judged. */
export async function runConformance(target: KubernetesTarget, options: RunOptions): Promise<Run> {
  const { checks, progress, only = [], timeoutScale = 1 } = options;
  const started = new Date();
  const found = progress.step('discovering the cluster');
  let discovered: Discovered;
  try {
    discovered = await discover(target, options);
  } catch (error) {
    found.fail((error as Error).message);
    throw error;
  }
  found.done(
    `Kubernetes ${discovered.cluster.version ?? '(unknown version)'}, ${discovered.nodes.length} ${discovered.nodes.length === 1 ? 'node' : 'nodes'}`,
  );
  discovered.notes.forEach((note) => progress.note(`  ${note}`));
  const building = progress.step('probe image');
  let digests: string[];
  try {
    digests = await imageDigests(discovered.nodes.map((node) => node.architecture));
  } catch (error) {
    building.fail((error as Error).message);
    throw error;
  }
  building.done(options.image);
  const plan = makePlan(checks, discovered.cells, options);
  options.signal.throwIfAborted();
  options.onPlan(plan, discovered);
  const journal = new Journal(options.out);
  journal.record('started', { run: plan.runId, version, server: target.server });
  const collected = await collect(plan, target, {
    image: options.image,
    digests,
    maxPods: options.maxPods ?? defaultMaxPods(discovered.processors),
    timeoutScale,
    thrownAway: options.thrownAway,
    promptPolicies: options.promptPolicies,
    nodeAddresses: discovered.addresses,
    journal,
    progress,
    signal: options.signal,
  });
  const run: Run = {
    schema: schemaVersion,
    meaning: meaningVersion,
    suite: { name: 'cofferdam', version },
    run: {
      id: plan.runId,
      started: started.toISOString(),
      finished: new Date().toISOString(),
      ...(collected.interrupted !== undefined && { interrupted: collected.interrupted }),
      options: {
        runtimeClasses: options.runtimeClasses,
        reference: options.reference ?? null,
        nodes: options.nodes ?? null,
        claims: Object.fromEntries(options.claims),
        ...(options.userNamespaces && { userNamespaces: true }),
        only,
        timeoutScale,
      },
      slowness: collected.slowness,
      requests: { ...target.requests },
    },
    cluster: discovered.cluster,
    probe: { image: options.image, digests },
    nodes: discovered.nodes,
    cells: [...discovered.cells],
    catalogue: { sha256: catalogueDigest(checks), checks: checks.length },
    roster: [...plan.roster],
    containers: collected.containers,
    canaries: collected.canaries,
    network: collected.network,
    missingHandler: collected.missingHandler,
    annotated: collected.annotated,
    troubles: collected.troubles,
    verdicts: [],
    ...(options.proof && { proof: options.proof }),
  };
  writeRun(options.out, run);
  const judging = progress.step('judging');
  run.verdicts = await judgeStored(options.out, run);
  if (options.deviations) Object.assign(run, applyDeviations(run.verdicts, options.deviations, run.run.finished));
  writeRun(options.out, run);
  judging.done(`${run.verdicts.length} verdicts`);
  journal.record('judged', { verdicts: run.verdicts });
  // What reports are made of is what everybody will read, so that they can be made again to the byte.
  return readRun(options.out);
}
