import type { Command } from 'commander';
import { resolve } from 'node:path';
import { UsageError } from '../harness/usage.ts';
import { meaningVersion } from '../harness/evidence.ts';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { judgeStored } from '../harness/judging.ts';
import { readRun } from '../harness/store.ts';
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
    .action(async (directory: string) => {
      const stored = load(resolve(directory));
      const verdicts = await judgeStored(resolve(directory), stored);
      const judged = { ...stored, verdicts };
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

/** The run in a directory; what is wrong with it is wrong usage. */
export function load(directory: string): Run {
  try {
    return readRun(directory);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const keyOf = (one: JudgedCheck): string =>
  `${one.check} ${one.handler} ${one.node}${one.to ? ` → ${one.to.handler} ${one.to.node}` : ''}`;

function differences(before: readonly JudgedCheck[], after: readonly JudgedCheck[]): string[] {
  const known = new Map(before.map((one) => [keyOf(one), one.verdict]));
  return after
    .filter((one) => known.get(keyOf(one)) !== one.verdict)
    .map((one) => `${keyOf(one)}: was ${known.get(keyOf(one)) ?? 'not judged'}, is ${one.verdict}`);
}
