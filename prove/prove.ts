import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
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
import { buildImage, imageName } from '../harness/image.ts';
import type { Progress } from '../harness/progress.ts';
import { runConformance } from '../harness/run.ts';
import { writeFileWhole } from '../harness/store.ts';
import { KubernetesTarget } from '../harness/targets/kubernetes.ts';
import { version } from '../harness/version.ts';
import { placeReports, writeReports } from '../reports/index.ts';
import { claims } from './claims.ts';
import { provePage } from './page.ts';
import { notPlanted, outcomeOf } from './outcome.ts';
import { plantHandlers, plantInCluster } from './plant.ts';
import { goOnWith, readRecord, recordSchema, writeRecord } from './record.ts';
import type { ProveRecord } from './record.ts';
import { planOf, stagesOf } from './stages.ts';
import type { Batch, Stage } from './stages.ts';

export interface ProveOptions {
  breaches: readonly Breach[];
  /** What of them is to be proved. */
  pairs: readonly Pair[];
  checks: readonly Check[];
  /** Where the record and the runs go. An unfinished record there is gone on with. */
  out: string;
  /** The name of the disposable cluster that is made, broken and thrown away for every stage. */
  clusterName: string;
  progress: Progress;
  signal: AbortSignal;
}

/** Plants, runs and records, stage by stage. Returns the record when all is proved, or when the signal says to stop. */
export async function prove(options: ProveOptions): Promise<ProveRecord> {
  const { out, progress, signal } = options;
  const record = begin(options);
  mkdirSync(out, { recursive: true });
  writeRecord(out, record);
  const left = options.pairs.filter((pair) => !record.outcomes.some((outcome) => outcome.pair === nameOf(pair)));
  if (left.length < options.pairs.length)
    progress.note(`${options.pairs.length - left.length} of ${options.pairs.length} are proved already`);
  for (const stage of stagesOf(left)) {
    if (signal.aborted) break;
    await proveStage(stage, record, options);
  }
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
  return stored ? goOnWith(stored, fresh, out) : fresh;
}

/** One cluster from its pristine snapshot, broken, looked at, and thrown away. */
async function proveStage(stage: Stage, record: ProveRecord, options: ProveOptions): Promise<void> {
  const { progress, signal, clusterName: name, out } = options;
  const pairs = stage.batches.flatMap((batch) => batch.pairs);
  progress.note(`${stage.name}: ${pairs.length} ${pairs.length === 1 ? 'breach' : 'breaches'}`);
  const cluster = await up({ name, progress, signal, ephemeral: true });
  try {
    const image = await buildImage('amd64');
    await cluster.importImage(image.file);
    const planting = progress.step('planting');
    try {
      const means = pairs[0]?.breach.means;
      if (means?.on === 'cluster') await plantInCluster(cluster, means);
      else await plantHandlers(cluster, pairs, options);
      planting.done();
    } catch (error) {
      planting.fail((error as Error).message);
      record.outcomes.push(...pairs.map((pair) => notPlanted(pair, (error as Error).message)));
      return;
    }
    for (const batch of stage.batches) {
      if (signal.aborted) return;
      await proveBatch(batch, cluster, record, options);
      writeRecord(out, record);
    }
  } finally {
    await cluster.down();
  }
}

async function proveBatch(
  { name, pairs }: Batch,
  cluster: Cluster,
  record: ProveRecord,
  { checks, out, progress, signal }: ProveOptions,
): Promise<void> {
  const directory = join('runs', name);
  // Of a run that was stopped: half of its evidence decides nothing.
  rmSync(join(out, directory), { recursive: true, force: true });
  const plan = planOf(pairs, checks);
  const names = pairs.map(runtimeClassOf);
  const run = await runConformance(new KubernetesTarget({ kubeconfig: cluster.kubeconfig }), {
    ...plan,
    runtimeClasses: names,
    claims: new Map([
      ...bases.map((base): [string, IsolationClass] => [base, claims[base]]),
      ...pairs.map((pair): [string, IsolationClass] => [runtimeClassOf(pair), claims[pair.base]]),
    ]),
    reference: 'runc',
    nodes: undefined,
    image: imageName,
    only: [],
    out: join(out, directory),
    maxPods: undefined,
    timeoutScale: 1,
    progress,
    signal,
    onPlan: (planned) =>
      progress.note(`  ${name}: ${planned.roster.length} verdicts from ${planned.subjects.length} pods`),
  });
  if (run.run.interrupted !== undefined) return;
  await writeReports(placeReports([], join(out, directory)), run);
  await attest(join(out, directory), run);
  record.node ??= nodeOf(run);
  record.outcomes.push(...pairs.map((pair) => outcomeOf(pair, run, directory)));
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
