import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bases, nameOf, runtimeClassOf } from '../fixtures/breaches/breach.ts';
import type { Breach, Pair } from '../fixtures/breaches/breach.ts';
import { withoutBreach } from '../fixtures/breaches/without-breach.ts';
import { up } from '../fixtures/cluster/index.ts';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { attest } from '../evidence/attest.ts';
import { catalogueDigest } from '../harness/catalogue.ts';
import type { Check, IsolationClass } from '../harness/check.ts';
import { meaningVersion } from '../harness/evidence.ts';
import type { Run } from '../harness/evidence.ts';
import { buildImage, imageName } from '../harness/image/image.ts';
import { named } from '../harness/progress.ts';
import type { Progress } from '../harness/progress.ts';
import { runConformance } from '../harness/run.ts';
import { writeFileWhole } from '../harness/store.ts';
import { KubernetesTarget } from '../harness/targets/kubernetes.ts';
import { UsageError } from '../harness/usage.ts';
import { version } from '../harness/version.ts';
import { placeReports, writeReports } from '../reports/index.ts';
import { claims } from './claims.ts';
import { provePage } from './page.ts';
import { notPlanted, outcomeOf } from './outcome.ts';
import { plantHandlers, plantInCluster, stopPolicyEngine } from './plant.ts';
import { goOnWith, readRecord, recordSchema, writeRecord } from './record.ts';
import type { ProveRecord } from './record.ts';
import { isPath, planOf, stagesOf } from './stages.ts';
import type { Stage } from './stages.ts';

export interface ProveOptions {
  breaches: readonly Breach[];
  /** What of them is to be proved. */
  pairs: readonly Pair[];
  checks: readonly Check[];
  /** Where the record and the runs go. An unfinished record there is gone on with. */
  out: string;
  /** The names of the disposable clusters that are made, broken and thrown away, again and again; all at the same time. */
  clusters: readonly string[];
  progress: Progress;
  signal: AbortSignal;
}

/** Plants, runs and records, stage by stage. Returns the record when all is proved, or when the signal says to stop. */
export async function prove(options: ProveOptions): Promise<ProveRecord> {
  const { out, progress } = options;
  const record = begin(options);
  mkdirSync(out, { recursive: true });
  writeRecord(out, record);
  const left = options.pairs.filter((pair) => !record.outcomes.some((outcome) => outcome.pair === nameOf(pair)));
  if (left.length < options.pairs.length)
    progress.note(`${options.pairs.length - left.length} of ${options.pairs.length} are proved already`);
  await proveAll(stagesOf(left, options.checks), record, options);
  if (record.outcomes.length === record.planned.length) record.finished ??= new Date().toISOString();
  writeRecord(out, record);
  writeFileWhole(join(out, 'prove.html'), provePage(record));
  return record;
}

/** The record to go on with, or a new one. */
function begin({ breaches, pairs, checks, out }: ProveOptions): ProveRecord {
  const fresh: ProveRecord = {
    schema: recordSchema,
    suite: { name: 'cofferdam', version },
    meaning: meaningVersion,
    checks: catalogueDigest(checks),
    breaches: createHash('sha256').update(JSON.stringify(breaches)).digest('hex'),
    started: new Date().toISOString(),
    planned: pairs.map(nameOf),
    withoutBreach,
    outcomes: [],
  };
  const stored = readRecord(out);
  if (stored) return goOnWith(stored, fresh, out);
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new UsageError(`--out ${out} is not empty, and holds no prove.json to go on with: name another directory`);
  return fresh;
}

/**
 * Each cluster takes the next stage when it is done with one. Those beyond this computer's processors begin when only what
 * mostly waits is left: beside two emulated nodes that never rest, a third on two processors made all three slower. What
 * breaks one of them ends all.
 */
async function proveAll(stages: readonly Stage[], record: ProveRecord, options: ProveOptions): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const waiting = stages.filter((stage) => stage.mostlyWaits);
  const working = stages.filter((stage) => !stage.mostlyWaits);
  const take = async (left: Stage[], cluster: string) => {
    for (let stage = left.shift(); stage && !signal.aborted; stage = left.shift())
      await proveStage(stage, cluster, record, { ...options, signal });
  };
  const works = options.clusters.slice(0, availableParallelism()).map(async (cluster) => take(working, cluster));
  const ends = options.clusters.map(async (cluster, index) => {
    await (works[index] ?? Promise.all(works));
    await take(waiting, cluster);
  });
  for (const end of ends) end.catch((error: unknown) => failed.abort(error));
  const [failure] = (await Promise.allSettled(ends)).filter((end) => end.status === 'rejected');
  // Who stopped it gets what is there so far.
  if (failure && !options.signal.aborted) throw failure.reason;
}

/** One cluster from its pristine snapshot, broken, looked at, and thrown away. */
async function proveStage(
  { name, pairs }: Stage,
  clusterName: string,
  record: ProveRecord,
  options: ProveOptions,
): Promise<void> {
  const { signal, out } = options;
  const plan = planOf(pairs, options.checks);
  const progress = options.clusters.length > 1 ? named(name, options.progress) : options.progress;
  progress.note(`${name}: ${pairs.length} ${pairs.length === 1 ? 'breach' : 'breaches'}`);
  const cluster = await up({ name: clusterName, progress, signal, ephemeral: true });
  try {
    const image = await buildImage('amd64');
    await cluster.importImage(image.file);
    const planting = progress.step('planting');
    try {
      const means = pairs[0]?.breach.means;
      if (means?.on === 'cluster') await plantInCluster(cluster, means, { progress, signal });
      else await plantHandlers(cluster, pairs, { progress, signal });
      if (!plan.checks.some(isPath)) await stopPolicyEngine(cluster);
      planting.done();
    } catch (error) {
      planting.fail((error as Error).message);
      if (signal.aborted) return;
      record.outcomes.push(...pairs.map((pair) => notPlanted(pair, (error as Error).message)));
      return;
    }
    if (signal.aborted) return;
    const directory = join('runs', name.replace('/', '-'));
    const run = await runOf(pairs, plan, cluster, { out: join(out, directory), progress, signal });
    if (run.run.interrupted !== undefined) return;
    record.node ??= nodeOf(run);
    record.outcomes.push(...pairs.map((pair) => outcomeOf(pair, run, directory)));
    writeRecord(out, record);
  } finally {
    await cluster.down();
  }
}

/**
 * Of three pods one mostly waits, for an answer to its packets or for the witness: two left 20 % of an emulated node's
 * processor idle, three 3 %. Four took longer than three, since their machines hinder one another.
 */
const maxPods = 3;

/** The run that looks at what was planted, in a directory with all the evidence of a run. */
async function runOf(
  pairs: readonly Pair[],
  plan: ReturnType<typeof planOf>,
  cluster: Cluster,
  { out, progress, signal }: Pick<ProveOptions, 'out' | 'progress' | 'signal'>,
): Promise<Run> {
  // Of a run that was stopped: half of its evidence decides nothing.
  rmSync(out, { recursive: true, force: true });
  const run = await runConformance(new KubernetesTarget({ kubeconfig: cluster.kubeconfig }), {
    ...plan,
    runtimeClasses: pairs.map(runtimeClassOf),
    claims: new Map([
      ...bases.map((base): [string, IsolationClass] => [base, claims[base]]),
      ...pairs.map((pair): [string, IsolationClass] => [runtimeClassOf(pair), claims[pair.base]]),
    ]),
    reference: 'runc',
    image: imageName,
    out,
    thrownAway: true,
    // Most broken policies leave a path open, which is waited for in vain.
    promptPolicies: true,
    maxPods,
    progress,
    signal,
    onPlan: (planned) => progress.note(`  ${planned.roster.length} verdicts from ${planned.subjects.length} pods`),
  });
  if (run.run.interrupted !== undefined) return run;
  await writeReports(placeReports([], out), run);
  await attest(out, run);
  return run;
}

function nodeOf(run: Run): ProveRecord['node'] {
  const node = run.nodes[0];
  return (
    node && {
      kernel: node.kernel,
      osImage: node.osImage,
      containerRuntime: node.containerRuntime,
      kubelet: node.kubelet,
    }
  );
}
