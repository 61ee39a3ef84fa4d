import type { Command } from 'commander';
import { resolve } from 'node:path';
import { applyDeviations } from '../harness/deviations.ts';
import { meaningVersion } from '../harness/evidence.ts';
import type { JudgedCheck } from '../harness/evidence.ts';
import { judgeStored } from '../harness/judging.ts';
import { loadDeviations } from './deviations.ts';
import { loadRun } from './load.ts';
import { exitCodeOf, report } from './run.ts';
import { complain, print } from './output.ts';

export function addJudge(program: Command): void {
  program
    .command('judge <dir>')
    .description('judge a stored run again, without a cluster')
    .addHelpText(
      'after',
      '\nReads DIR/run.json and changes nothing in DIR. Says where a verdict differs from the stored one.',
    )
    .option('--deviations <file>', 'use this file of deviations in place of the one stored in the run')
    .action(async (directory: string, flags: { deviations?: string }) => {
      const stored = loadRun(resolve(directory));
      const deviations = (await loadDeviations(flags.deviations)) ?? stored.deviations;
      const verdicts = await judgeStored(resolve(directory), stored);
      // By today: what has expired since accepts nothing any more.
      const judged = {
        ...stored,
        meaning: meaningVersion,
        verdicts,
        // A proof is of the rules that it was made with.
        proof: stored.meaning === meaningVersion ? stored.proof : undefined,
        ...(deviations && applyDeviations(verdicts, deviations, new Date().toISOString())),
      };
      print(await report(judged));
      const changed = differences(stored.verdicts, verdicts);
      if (changed.length) {
        const versions =
          stored.meaning === meaningVersion
            ? ''
            : ` (judged then with meaning ${stored.meaning}, now with ${meaningVersion})`;
        complain(
          `${changed.length} verdicts differ from the stored ones${versions}:\n${changed.map((line) => `    ${line}`).join('\n')}`,
        );
      }
      process.exitCode = exitCodeOf(judged);
    });
}

const keyOf = (one: JudgedCheck): string =>
  `${one.check} ${one.handler} ${one.node}${one.to ? ` → ${one.to.handler} ${one.to.node}` : ''}`;

function differences(before: readonly JudgedCheck[], after: readonly JudgedCheck[]): string[] {
  const known = new Map(before.map((one) => [keyOf(one), one.verdict]));
  return after
    .filter((one) => known.get(keyOf(one)) !== one.verdict)
    .map((one) => `${keyOf(one)}: was ${known.get(keyOf(one)) ?? 'not judged'}, is ${one.verdict}`);
}
