/**
 * npm run variants [-- [--only GLOB]… [--list] [--out DIR] [--record]]: runs the suite on sound configurations of other
 * kinds, each on a disposable cluster. Exit codes: 0 all green, 1 a false alarm, 2 usage, 3 not all could be run.
 */
import { Command, CommanderError, Option } from 'commander';
import { join, relative } from 'node:path';
import { loadCatalogue } from '../harness/catalogue.ts';
import { duration, terminalProgress } from '../harness/progress.ts';
import { UsageError } from '../harness/usage.ts';
import { interruptible } from '../cli/interrupt.ts';
import { outDirectory } from '../cli/out-directory.ts';
import { loadVariants, selectVariants } from '../variants/catalogue.ts';
import { resultLines, variantList } from '../variants/describe.ts';
import { exitCodeOf } from '../variants/outcome.ts';
import { runVariants } from '../variants/run.ts';
import { keptIn, writeResult } from '../variants/store.ts';

interface Flags {
  only: string[];
  list?: boolean;
  out?: string;
  record?: boolean;
}

const program = new Command('variants')
  .exitOverride()
  .description('Run the suite on sound configurations of other kinds, where it has to stay green.')
  .addOption(
    new Option('--only <glob>', 'only variants whose id matches, such as "runtime/**"; repeat for several')
      .argParser((value: string, previous: string[]) => [...previous, value])
      .default([], 'every variant'),
  )
  .option('--list', 'list the variants; run nothing')
  .option('--out <dir>', 'where to write the runs and their results (default: cofferdam-variants-DATE-XXXX)')
  .option('--record', 'keep the results in this repository as well, for docs/false-alarms.md')
  .action(async (flags: Flags) => {
    process.exitCode = await variantsCommand(flags);
  });

async function variantsCommand({ only, list, out: given, record }: Flags): Promise<number> {
  const variants = selectVariants(await loadVariants(), only);
  if (list) {
    console.log(variantList(variants));
    return 0;
  }
  const out = outDirectory('variants', given);
  const checks = [...(await loadCatalogue()).values()];
  const progress = terminalProgress();
  const clusterName = `variants-${process.pid}`;
  const interrupt = interruptible(() => `npm run cluster -- down --name ${clusterName}`);
  const started = Date.now();
  try {
    const results = await runVariants({
      variants,
      checks,
      out,
      clusterName,
      progress,
      signal: interrupt.signal,
      onResult(result) {
        writeResult(join(out, 'results'), result);
        // What could not be run says nothing: the last that could stays.
        if (record && result.trouble === undefined) writeResult(keptIn, result);
        console.log(resultLines(result));
      },
    });
    progress.note(`Evidence: ${relative('', out)} (${duration(Date.now() - started)})`);
    if (record) progress.note('Kept in the repository. Next: npm run docs, and commit');
    return exitCodeOf(results, variants.length);
  } finally {
    interrupt.dispose();
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UsageError) {
    console.error(`variants: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}
