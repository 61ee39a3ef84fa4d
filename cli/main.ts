import { Command } from 'commander';
import { version } from '../harness/version.ts';
import { addAttest } from './attest.ts';
import { addClean } from './clean.ts';
import { addCompare } from './compare.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { endingOf } from './ending.ts';
import { addExplain } from './explain.ts';
import { addImage } from './image.ts';
import { addJudge } from './judge.ts';
import { addList } from './list.ts';
import { complain, outliveReaders } from './output.ts';
import { addProve } from './prove.ts';
import { addRbac } from './rbac.ts';
import { addReport } from './report.ts';
import { addRequirements } from './requirements.ts';
import { addRun } from './run.ts';
import { addSonobuoy } from './sonobuoy.ts';
import { addVerify } from './verify.ts';

const program = new Command('cofferdam')
  .description(
    'Security conformance and escape tests for container runtimes: the same probe under every runtime, and no verdict without a control that got through.',
  )
  .version(version)
  .showHelpAfterError('(cofferdam --help, or cofferdam COMMAND --help, tells more)')
  .exitOverride()
  .addHelpText('after', '\nStart with: cofferdam demo (a cluster of its own), or cofferdam doctor (yours).');
const commands = [
  addRun,
  addDemo,
  addDoctor,
  addList,
  addExplain,
  addRequirements,
  addProve,
  addJudge,
  addReport,
  addVerify,
  addAttest,
  addCompare,
  addClean,
  addRbac,
  addImage,
  addSonobuoy,
];
for (const add of commands) add(program);
for (const command of program.commands)
  command.exitOverride().showHelpAfterError(`(cofferdam ${command.name()} --help tells more)`);

/** Says why, and what to do next. Returns the exit code. */
function end(error: unknown): number {
  const { exitCode, message, next } = endingOf(error);
  if (message !== undefined) complain(message, next);
  return exitCode;
}

outliveReaders();
// Node's own exit code for it is 1, which is that of a breach.
process.on('uncaughtException', (error) => process.exit(end(error)));
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = end(error);
}
