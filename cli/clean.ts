import type { Command } from 'commander';
import { remove, removalPatience } from '../harness/collect/clean-up.ts';
import { KubernetesTarget } from '../harness/targets/kubernetes.ts';
import type { Reach } from '../harness/targets/kubernetes.ts';
import { withReach } from './options.ts';
import { complain, print } from './output.ts';

export function addClean(program: Command): void {
  withReach(program.command('clean'))
    .description('remove what earlier runs left in a cluster')
    .option('--run <id>', 'only of this run (default: of every run, also of one that is under way)')
    .addHelpText(
      'after',
      '\nFinds namespaces and RuntimeClasses by their labels. The witness undoes what it planted on its node as it ends.',
    )
    .action(async ({ run, ...reach }: Reach & { run?: string }) => {
      process.exitCode = await clean(new KubernetesTarget(reach), run);
    });
}

/** Deletes, waits and says what was there. Returns the exit code: 3 when something is left. */
export async function clean(target: KubernetesTarget, run: string | undefined): Promise<number> {
  const namespaces = await target.leftovers(run);
  const classes = await target.leftoverRuntimeClasses(run);
  if (namespaces.length + classes.length === 0) {
    print(run ? `Nothing of run ${run} is left.` : 'No run has left anything.');
    return 0;
  }
  const names = namespaces.map(({ name }) => name);
  const { removed, failures, left } = await remove(target, { namespaces: names, runtimeClasses: classes });
  for (const { name, runId } of namespaces.filter(({ name }) => removed.namespaces.includes(name)))
    print(`removed namespace ${name} of run ${runId}`);
  for (const name of removed.runtimeClasses) print(`removed RuntimeClass ${name}`);
  for (const failure of failures) complain(failure, 'Run cofferdam clean again once that is mended.');
  if (left.length === 0) return failures.length === 0 ? 0 : 3;
  complain(
    `still there after ${removalPatience / 1000} s: ${left.join(', ')}`,
    'Look at its pods: one on a node that is gone has to be deleted with --force.',
  );
  return 3;
}
