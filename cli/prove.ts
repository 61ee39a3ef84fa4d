import type { Command } from 'commander';
import { Option } from 'commander';
import { availableParallelism, freemem } from 'node:os';
import { relative } from 'node:path';
import { loadCatalogue } from '../harness/catalogue.ts';
import { duration, terminalProgress } from '../harness/progress.ts';
import { loadBreaches, selectPairs } from '../prove/catalogue.ts';
import { breachList, proofText } from '../prove/describe.ts';
import { exitCodeOf } from '../prove/outcome.ts';
import { atLeast } from './options.ts';
import { interruptible } from './interrupt.ts';
import { outDirectory } from './out-directory.ts';
import { print } from './output.ts';

interface ProveFlags {
  only: string[];
  list?: boolean;
  json?: boolean;
  out?: string;
  clusters: number;
}

export function addProve(program: Command): void {
  program
    .command('prove')
    .description('break isolation on a disposable cluster in known ways, and show that each is noticed')
    .addOption(
      new Option(
        '--only <glob>',
        'plant only breaches whose id matches, such as "runtime/**" or "*/*@gvisor"; repeat for several',
      )
        .argParser((value: string, previous: string[]) => [...previous, value])
        .default([], 'every breach'),
    )
    .option('--list', 'list the breaches, and what has to notice each; plant nothing')
    .option('--json', 'print the result for programs')
    .option(
      '--out <dir>',
      'where to write prove.json and the runs; resumes a stopped one found there (default: cofferdam-prove-DATE-XXXX)',
    )
    .addOption(
      new Option('--clusters <n>', 'how many disposable clusters at a time')
        .argParser(atLeast(1, true))
        .default(clustersHere(), `${clustersHere()}, from this computer’s processors and free memory`),
    )
    .addHelpText(
      'after',
      `
Each breach is planted on a disposable cluster in a virtual machine of this computer, on nothing else. A breach is
caught when the checks that it names are breached, and nothing else is. Once finished, the result can be cited:
cofferdam run --proof DIR.

Exit codes: 0 every breach caught and nothing else red, 1 something missed or red that should not be, 2 usage,
3 stopped, or a breach could not be planted.`,
    )
    .action(async (flags: ProveFlags) => {
      process.exitCode = await proveCommand(flags);
    });
}

async function proveCommand(flags: ProveFlags): Promise<number> {
  const breaches = await loadBreaches();
  const pairs = selectPairs(breaches, flags.only);
  if (flags.list) {
    print(flags.json ? JSON.stringify(pairs, undefined, 2) : breachList(pairs));
    return 0;
  }
  const checks = [...(await loadCatalogue()).values()];
  const out = outDirectory('prove', flags.out);
  const progress = terminalProgress();
  const clusters = Array.from({ length: flags.clusters }, (_, index) => `prove-${process.pid}-${index + 1}`);
  const interrupt = interruptible(() => clusters.map((name) => `npm run cluster -- down --name ${name}`).join('; '));
  const started = Date.now();
  // Only here: every other command does without a virtual machine.
  const { prove } = await import('../prove/prove.ts');
  try {
    const record = await prove({
      breaches,
      pairs,
      checks,
      out,
      clusters,
      progress,
      signal: interrupt.signal,
    });
    print(flags.json ? JSON.stringify(record, undefined, 2) : proofText(record));
    progress.note(
      `Evidence: ${relative('', out)}/prove.json, prove.html and runs/ (${duration(Date.now() - started)})`,
    );
    return exitCodeOf(record.outcomes, record.planned.length);
  } finally {
    interrupt.dispose();
  }
}

/**
 * An emulated node keeps one processor busy while many broken handlers are tried, and less where a broken cluster is waited
 * for; it has 6 GiB of memory.
 */
function clustersHere(): number {
  return Math.max(1, Math.min(Math.floor(1.5 * availableParallelism()), Math.floor(freemem() / (7 * 1024 ** 3))));
}
