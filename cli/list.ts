import { Option } from 'commander';
import type { Command } from 'commander';
import { isolationClasses, suiteOf } from '../harness/check.ts';
import { select } from './run.ts';
import { print } from './output.ts';

export function addList(program: Command): void {
  program
    .command('list')
    .description('list the checks')
    .addOption(
      new Option('--only <glob>', 'only checks whose id matches, such as "kernel-isolation/**"; repeat for several')
        .argParser((value: string, all: string[]) => [...all, value])
        .default([], 'every check'),
    )
    .option('--json', 'with everything that is known of them')
    .action(async ({ only, json }: { only: string[]; json?: boolean }) => {
      const checks = await select(only);
      if (json) return print(JSON.stringify(checks, undefined, 2));
      const bySuite = Map.groupBy(checks, (check) => suiteOf(check.id));
      for (const [suite, members] of bySuite) {
        print(
          `${suite}\n${members.map((check) => `  ${check.id.slice(suite.length + 1)}\n      ${check.claim}`).join('\n')}\n`,
        );
      }
      print(`${checks.length} checks for ${isolationClasses.join(', ')}. More of one: cofferdam explain CHECK`);
    });
}
