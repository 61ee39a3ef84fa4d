import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { claims, up } from '../fixtures/cluster/index.ts';
import type { Variant } from '../fixtures/variants/variant.ts';
import { catalogueDigest } from '../harness/catalogue.ts';
import type { Check, IsolationClass } from '../harness/check.ts';
import { meaningVersion } from '../harness/evidence.ts';
import type { Run } from '../harness/evidence.ts';
import { buildImage, imageName } from '../harness/image/image.ts';
import type { Progress } from '../harness/progress.ts';
import { runConformance } from '../harness/run.ts';
import { KubernetesTarget } from '../harness/targets/kubernetes.ts';
import { version } from '../harness/version.ts';
import { resultOf } from './outcome.ts';
import { resultSchema } from './result.ts';
import type { Result } from './result.ts';
import { setUp, versionsOn } from './set-up.ts';
import { stagesOf } from './stages.ts';
import type { Stage } from './stages.ts';

export interface VariantOptions {
  variants: readonly Variant[];
  checks: readonly Check[];
  /** Where the runs go, each in a directory of its own. */
  out: string;
  /** The name of the disposable cluster that is made, changed and thrown away for every stage. */
  clusterName: string;
  progress: Progress;
  signal: AbortSignal;
  /** Called with each result as soon as it is there. */
  onResult(result: Result): void;
}

/** Sets the variants up one after the other, and runs the whole suite on each. */
export async function runVariants(options: VariantOptions): Promise<Result[]> {
  const results: Result[] = [];
  for (const stage of stagesOf(options.variants)) {
    if (options.signal.aborted) break;
    for (const result of await runStage(stage, options)) {
      results.push(result);
      options.onResult(result);
    }
  }
  return results;
}

/** One cluster from its snapshot, changed, looked at, and thrown away. */
async function runStage(stage: Stage, options: VariantOptions): Promise<Result[]> {
  const { checks, progress, signal, clusterName: name } = options;
  const { variants } = stage;
  const common = {
    schema: resultSchema,
    suite: { name: 'cofferdam', version },
    meaning: meaningVersion,
    checks: catalogueDigest(checks),
  } as const;
  progress.note(`${stage.name}: ${variants.map(({ id }) => id).join(', ')}`);
  try {
    const cluster = await up({ name, node: variants[0]?.node, progress, signal, ephemeral: true });
    try {
      const step = progress.step('setting up');
      try {
        await setUp(cluster, variants, options);
      } catch (error) {
        step.fail('failed');
        throw error;
      }
      step.done();
      // Only now: a container runtime that was exchanged begins without images.
      await cluster.importImage((await buildImage('amd64')).file);
      const versions = new Map<string, Result['versions']>();
      for (const variant of variants) versions.set(variant.id, await versionsOn(cluster, variant));
      const run = await look(cluster.kubeconfig, stage, options);
      return variants.map((variant) => ({ ...common, ...resultOf(variant, run, versions.get(variant.id) ?? {}) }));
    } finally {
      await cluster.down();
    }
  } catch (error) {
    if (signal.aborted) return [];
    const trouble = error instanceof Error ? error.message : String(error);
    const finished = new Date().toISOString();
    return variants.map(({ id }) => ({
      ...common,
      variant: id,
      finished,
      trouble,
      versions: {},
      verdicts: {},
      alarms: [],
    }));
  }
}

/** A whole run under all handlers of a stage. */
async function look(kubeconfig: string, { name, variants }: Stage, options: VariantOptions): Promise<Run> {
  const out = join(options.out, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const stated = variants.flatMap(({ changes }) =>
    Object.entries(changes?.handlers ?? {}).map(([handler, { isolationClass }]): [string, IsolationClass] => [
      handler,
      isolationClass,
    ]),
  );
  return runConformance(new KubernetesTarget({ kubeconfig }), {
    checks: options.checks,
    runtimeClasses: [...new Set(variants.flatMap((variant) => variant.runtimeClasses))],
    claims: new Map([...Object.entries(claims), ...stated]),
    reference: variants[0]?.reference ?? 'runc',
    userNamespaces: variants[0]?.userNamespaces,
    image: imageName,
    out,
    thrownAway: true,
    progress: options.progress,
    signal: options.signal,
    onPlan: (plan) =>
      options.progress.note(`  ${plan.roster.length} verdicts from ${plan.subjects.length} pods under test`),
  });
}
