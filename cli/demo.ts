import type { Command } from 'commander';
import type { Cluster } from '../fixtures/cluster/index.ts';
import { buildImage } from '../harness/image/image.ts';
import { terminalProgress } from '../harness/progress.ts';
import type { Progress } from '../harness/progress.ts';
import { interruptible } from './interrupt.ts';
import { withChecks, withReports, withRunning, withSelection } from './options.ts';
import type { RunFlags } from './options.ts';
import { prepare, run } from './run.ts';
import { withSigning } from './signing.ts';

export function addDemo(program: Command): void {
  withReports(withSigning(withRunning(withChecks(withSelection(program.command('demo'))))))
    .description('run everything on a disposable cluster in a virtual machine on this computer')
    .option(
      '--kata <file>',
      'also test Kata Containers, from this release tarball (kata-static-VERSION-ARCH.tar.zst, .xz or .gz)',
    )
    .option('--keep', 'leave the cluster up (npm run cluster -- down takes it down)')
    .addHelpText(
      'after',
      '\nThe first time builds Kubernetes, containerd, gVisor and a node image, which takes a while; later they come from the cache.',
    )
    .action(async (flags: DemoFlags) => {
      process.exitCode = await demo(flags);
    });
}

interface DemoFlags extends RunFlags {
  keep?: boolean;
  kata?: string;
}

/** Brings the disposable cluster up, runs, and takes it down again. Returns the exit code. */
export async function demo(flags: DemoFlags): Promise<number> {
  // A typing error must not cost the time that a cluster takes.
  await prepare(flags);
  const progress = terminalProgress();
  const name = flags.keep ? 'default' : `demo-${process.pid}`;
  const cleanUp = `npm run cluster -- down --name ${name}`;
  const interrupt = interruptible(() => cleanUp);
  // Only here: every other command does without a virtual machine.
  const { claims, up } = await import('../fixtures/cluster/index.ts');
  let cluster: Cluster;
  try {
    cluster = await up({ name, kata: flags.kata, progress, signal: interrupt.signal, ephemeral: !flags.keep });
  } catch (error) {
    interrupt.dispose();
    throw error;
  }
  try {
    if (!flags.dryRun) await importProbe(cluster, progress);
    interrupt.signal.throwIfAborted();
    interrupt.dispose();
    // The cluster's own RuntimeClass runc is its default handler: one set of pods serves as cell and as reference.
    const reference = flags.reference ?? 'runc';
    const claim = new Map([...Object.entries(claims), ...flags.claim]);
    const own = { cleanUp, thrownAway: !flags.keep };
    return await run({ ...flags, kubeconfig: cluster.kubeconfig, reference, claim }, own);
  } finally {
    interrupt.dispose();
    if (flags.keep) progress.note(`The cluster is up: export KUBECONFIG=${cluster.kubeconfig}`);
    else await cluster.down();
  }
}

async function importProbe(cluster: Cluster, progress: Progress): Promise<void> {
  const step = progress.step('importing the probe image');
  const image = await buildImage('amd64');
  await cluster.importImage(image.file);
  step.done();
}
