/**
 * npm run mutation [-- FILE…]: drops or weakens every rule that decides verdicts, one at a time, and asks whether a test
 * notices. Prints what none did, and the score. See docs/decisions/mutation.md.
 */
import { execaNode } from 'execa';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminalProgress } from '../harness/progress.ts';
import { rules } from './meaning-record.ts';
import { equivalents } from './mutation/equivalent.ts';
import { mutantsOf } from './mutation/mutants.ts';
import type { Answer, Question } from './mutation/worker.ts';

const root = join(import.meta.dirname, '..');

/** How long the tests may take as the code is, in milliseconds. Minutes, on a machine that has other things to do. */
const patience = 15 * 60_000;
/** How many times as long they may take over a mutant, before it counts as one that never ends. */
const slower = 3;

const sources = new Map(rules().map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const wanted = process.argv.slice(2).map((file) => file.replace(/^\.\//, ''));
const unknown = wanted.filter((file) => !sources.has(file));

if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not among the files that decide verdicts (${[...sources.keys()].join(', ')})`);
  process.exitCode = 2;
} else {
  const files = wanted.length > 0 ? wanted : [...sources.keys()];
  const questions = files.flatMap((file) =>
    mutantsOf(sources.get(file) ?? '').map((mutant): Question => ({ file, mutant })),
  );
  process.exitCode = report(questions, await askAll(questions)) ? 0 : 1;
}

type Fate = 'killed' | 'survived';

/** Asks as many processes as there are processors; each takes the next mutant when it has answered for one. */
async function askAll(questions: readonly Question[]): Promise<Map<Question, Fate>> {
  const fates = new Map<Question, Fate>();
  const progress = terminalProgress();
  const step = progress.step(`${questions.length} mutants`);
  const open = questions.values();
  const work = async (): Promise<void> => {
    let worker = await startWorker();
    for (const question of open) {
      await worker.process.sendMessage(question);
      const answer = await worker.next();
      if (answer === undefined) worker = await startWorker();
      else if ('failed' in answer) throw new Error(answer.failed);
      const survived = answer !== undefined && 'survived' in answer;
      fates.set(question, survived ? 'survived' : 'killed');
      // At once: the whole takes minutes, and the first of them is something to begin with.
      if (survived && !equivalentOf(question)) progress.note(`    not noticed: ${inWords(question)}`);
      step.update(`${fates.size} asked about`);
    }
    worker.process.kill();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  step.done();
  return fates;
}

async function startWorker() {
  const child = execaNode(join(import.meta.dirname, 'mutation', 'worker.ts'), {
    ipc: true,
    reject: false,
    stdout: 'ignore',
    stderr: 'inherit',
    env: { NO_COLOR: '1' },
  });
  /** The next answer; undefined when none came in time, and the process was ended. */
  const next = async (patience: number): Promise<Answer | undefined> => {
    const late = new AbortController();
    const answer = await Promise.race([
      child.getOneMessage(),
      sleep(patience, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
    if (answer === undefined) child.kill('SIGKILL');
    return answer as Answer | undefined;
  };
  const started = performance.now();
  const first = await next(patience);
  if (first === undefined || !('ready' in first))
    throw new Error(first && 'failed' in first ? first.failed : 'the tests did not come to their end');
  const took = performance.now() - started;
  return { process: child, next: () => next(slower * took) };
}

/** Prints what no test noticed, and the score. Whether all is as it should be. */
function report(questions: readonly Question[], fates: ReadonlyMap<Question, Fate>): boolean {
  const known = new Map(questions.map((question) => [question, equivalentOf(question)]));
  const survivors = questions.filter((one) => fates.get(one) === 'survived');
  const unexplained = survivors.filter((one) => known.get(one) === undefined);
  for (const question of unexplained) console.log(`not noticed: ${inWords(question)}`);
  const asked = new Set(questions.map((one) => one.file));
  const needed = new Set(survivors.flatMap((one) => known.get(one) ?? []));
  const needless = equivalents.filter((one) => asked.has(one.file) && !needed.has(one));
  for (const { file, line, what } of needless)
    console.log(`not needed in scripts/mutation/equivalent.ts: ${file} “${line}” ${what}`);
  for (const file of asked) {
    const of = questions.filter((one) => one.file === file);
    console.log(`${file.padEnd(32)} ${scoreOf(of, fates)}`);
  }
  console.log(`${'all'.padEnd(32)} ${scoreOf(questions, fates)}, ${needed.size} explained as equivalent`);
  return unexplained.length === 0 && needless.length === 0;
}

function inWords({ file, mutant }: Question): string {
  return `${file}:${mutant.line}:${mutant.column}  ${mutant.what}`;
}

function scoreOf(questions: readonly Question[], fates: ReadonlyMap<Question, Fate>): string {
  const killed = questions.filter((one) => fates.get(one) === 'killed').length;
  return `${((100 * killed) / questions.length).toFixed(1)} %, ${killed} of ${questions.length} noticed`;
}

function equivalentOf({ file, mutant }: Question) {
  const line = sources.get(file)?.split('\n')[mutant.line - 1]?.trim();
  return equivalents.find((one) => one.file === file && one.line === line && one.what === mutant.what);
}
