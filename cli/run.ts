import type { Command } from 'commander';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { attest } from '../evidence/attest.ts';
import type { Attested } from '../evidence/attest.ts';
import type { Signer } from '../evidence/signer.ts';
import { loadCatalogue, selectChecks } from '../harness/catalogue.ts';
import { cleanCommand } from '../harness/collect/clean-up.ts';
import { discover } from '../harness/discover/discover.ts';
import { UsageError } from '../harness/usage.ts';
import type { Run } from '../harness/evidence.ts';
import { imageName } from '../harness/image/image.ts';
import { makePlan } from '../harness/plan/plan.ts';
import { duration, terminalProgress } from '../harness/progress.ts';
import { defaultMaxPods, runConformance } from '../harness/run.ts';
import { KubernetesTarget } from '../harness/targets/kubernetes.ts';
import { conclude } from '../reports/conclusion.ts';
import { placeReports, writeReports } from '../reports/index.ts';
import { terminalReport } from '../reports/terminal.ts';
import { comparisonText, gated, plannedComparisons, writeComparisons } from './comparisons.ts';
import { loadDeviations } from './deviations.ts';
import { interruptible } from './interrupt.ts';
import { withChecks, withReach, withReports, withRunning, withSelection } from './options.ts';
import type { RunFlags } from './options.ts';
import { outDirectory } from './out-directory.ts';
import { complain, print, terminalWidth, wantsColor } from './output.ts';
import { describePlan } from './plan.ts';
import { loadProof } from './proof.ts';
import { signerOf, withSigning } from './signing.ts';

export function addRun(program: Command): void {
  withReports(withSigning(withRunning(withChecks(withSelection(withReach(program.command('run')))))))
    .description('test every RuntimeClass of a cluster, and write the evidence')
    .addHelpText(
      'after',
      `
Pods of the same shape run under every handler, on every node, beside a control in which each attempt must get
through. Everything is created in namespaces of the run's own, and deleted at the end, however it ends.

Examples:
  $ cofferdam doctor                                  may I, can I, what would a run need?
  $ cofferdam run --dry-run                           what would it do?
  $ cofferdam run --runtime-class kata-qemu
  $ cofferdam run --claim fast=guest-kernel --only "kernel-isolation/**" --out evidence
  $ cofferdam run --proof proof                       say what cofferdam prove --out proof came to

Exit codes: 0 conformant, 1 breached, 2 usage, 3 could not be decided or was interrupted.`,
    )
    .action(async (flags: RunFlags) => {
      process.exitCode = await run(flags);
    });
}

/** What the options ask for, as far as that can be known without a cluster. Creates nothing; refuses what cannot be. */
export async function prepare(flags: RunFlags) {
  const checks = await select(flags.only);
  const comparisons = plannedComparisons(flags);
  const out = outDirectory('run', flags.out);
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new UsageError(`--out ${out} is not empty: evidence is never written over other files`);
  const reports = placeReports(flags.report, out);
  const signer = signerOf(flags);
  const deviations = await loadDeviations(flags.deviations);
  const proof = await loadProof(flags.proof);
  return { checks, comparisons, out, reports, signer, deviations, proof };
}

/** What is other about a run on a cluster of our own. */
export interface OwnCluster {
  /** The command for who leaves at once. */
  cleanUp: string;
  /** It goes with all that was made in it. */
  thrownAway: boolean;
}

/** Runs, prints the result and writes the evidence. Returns the exit code. */
export async function run(flags: RunFlags, { cleanUp, thrownAway = false }: Partial<OwnCluster> = {}): Promise<number> {
  const progress = terminalProgress();
  const { checks, comparisons, out, reports, signer, deviations, proof } = await prepare(flags);
  const target = new KubernetesTarget(flags);
  const selection = {
    runtimeClasses: comparisons.runtimeClasses,
    claims: flags.claim,
    reference: flags.reference,
    nodes: flags.nodes,
    userNamespaces: flags.userNamespaces,
  };
  const image = flags.image ?? imageName;
  if (flags.dryRun) {
    const discovered = await discover(target, selection);
    discovered.notes.forEach((note) => progress.note(note));
    print(
      describePlan(
        makePlan(checks, discovered.cells),
        discovered,
        flags.maxPods ?? defaultMaxPods(discovered.processors),
        image,
      ),
    );
    return 0;
  }
  let runId: string | undefined;
  const interrupt = interruptible(() => cleanUp ?? (runId && cleanCommand(runId, target.reach)));
  const started = Date.now();
  try {
    const result = await runConformance(target, {
      ...selection,
      checks,
      image,
      only: flags.only,
      out,
      maxPods: flags.maxPods,
      timeoutScale: flags.timeoutScale,
      thrownAway,
      deviations,
      proof,
      progress,
      signal: interrupt.signal,
      onPlan: (plan, discovered) => {
        comparisons.check(discovered.cells);
        runId = plan.runId;
        const pods = plan.witnesses.length + plan.subjects.length + plan.servers.length + plan.clients.length;
        progress.note(
          `  ${checks.length} checks on ${discovered.cells.filter((cell) => cell.tested).length} cells in ${pods} pods; strongest touch: ${plan.touch}`,
        );
      },
    });
    await writeReports(reports, result);
    const compared = comparisons.of(result, await loadCatalogue());
    writeComparisons(out, compared);
    // Nothing is written into the directory after this.
    const signed = await sealed(out, result, signer);
    print('');
    print(await report(result));
    for (const one of compared) print(`\n${comparisonText(one, flags.failOn)}`);
    progress.note(
      `Evidence: ${join(out, 'run.json')}, journal.ndjson and raw/, ${signed.by === undefined ? 'not signed' : `signed ${signed.by}`} (${duration(Date.now() - started)})`,
    );
    progress.note(`Reports: ${reports.map(({ file }) => relative('', file)).join(', ')}`);
    const exitCode = gated(exitCodeOf(result), compared, flags.failOn);
    return signer && signed.by === undefined && exitCode === 0 ? unsigned : exitCode;
  } finally {
    interrupt.dispose();
  }
}

/** A run that should be signed and is not: it has no result that can be relied on. */
const unsigned = 3;

/**
 * Seals and signs. A signature that does not come about costs no evidence: it is sealed without one, and can be signed
 * later.
 */
async function sealed(out: string, result: Run, signer: Signer | undefined): Promise<Attested> {
  try {
    return await attest(out, result, signer);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}; the evidence is sealed, and cofferdam attest ${out} signs it later`);
    return attest(out, result);
  }
}

/** The checks that the globs select. A glob that selects none is a typing error. */
export const select = async (only: readonly string[]) => selectChecks(await loadCatalogue(), only);

/** The exit code that the report's last sentence explains. */
export const exitCodeOf = (run: Run): number => conclude(run).exitCode;

/** The result as a terminal shows it. */
export async function report(run: Run): Promise<string> {
  return terminalReport(run, await loadCatalogue(), { color: wantsColor(), width: terminalWidth() });
}
