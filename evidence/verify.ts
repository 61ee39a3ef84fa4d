import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { meaningVersion } from '../harness/evidence.ts';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { judgeStored } from '../harness/judging.ts';
import { isDirectory, readRegular, readRun } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import { journalDifferences, otherSpelling, readChain } from './journal-check.ts';
import type { RawLogs } from './journal-check.ts';
import { manifestDifferences, manifestFile, manifestOf } from './manifest.ts';
import { observationDifferences } from './observations-check.ts';
import { proofAnswer } from './proof-check.ts';
import type { GivenProof } from './proof-check.ts';
import { reportsAnswer } from './reports-check.ts';
import { sameWords } from './same-words.ts';
import { signatureAnswer } from './signature-check.ts';
import type { ExpectedSigner } from './signature-check.ts';
import { verdictDifferences } from './verdicts-check.ts';
import { answer, concluded } from './verification.ts';
import type { Answer, Verification } from './verification.ts';

export interface VerifyOptions {
  /** Who has to have signed, as the reader knows it from elsewhere. */
  signer?: ExpectedSigner;
  /** What the run has to cite, as the reader has it before them. Not asked without one: it lies outside the directory. */
  proof?: GivenProof | undefined;
  /** Judges the run in a directory again. */
  judge?: (directory: string, run: Run) => Promise<JudgedCheck[]>;
}

/**
 * Asks a directory of a run whether it is whole: every file is as it was sealed, the journal's chain is unbroken,
 * observations are what containers printed, reports say what run.json says, verdicts follow from the observations, and
 * the signature fits. Throws a UsageError on what is no evidence at all. Changes nothing.
 */
export async function verifyDirectory(directory: string, options: VerifyOptions = {}): Promise<Verification> {
  const run = load(directory);
  const sealed = files(directory, run);
  // Judging takes seconds; what was changed is known without it.
  const changed = sealed.outcome === 'differs' && existsSync(join(directory, manifestFile));
  const contents = await verifyContents(directory, run, changed ? undefined : (options.judge ?? judgeStored));
  const cited = options.proof ? [proofAnswer(run, options.proof)] : [];
  return concluded([sealed, ...contents, signatureAnswer(directory, run, options.signer ?? {}), ...cited]);
}

/** Everything but manifest and signature: what has to be true before somebody signs it. Without `judge`, not judged again. */
export async function verifyContents(directory: string, run: Run, judge: VerifyOptions['judge']): Promise<Answer[]> {
  const raw = rawLogs(directory);
  const before = [journal(directory, raw, run), observations(raw, run), await reportsAnswer(directory, run)];
  const whole = before.every((one) => one.outcome === 'agrees');
  return [...before, whole && judge ? await verdicts(directory, run, judge) : notJudged];
}

const notJudged: Answer = {
  about: 'verdicts',
  outcome: 'unknown',
  sentence: 'not judged again: what they stand on differs already',
  details: [],
};

function load(directory: string): Run {
  try {
    return readRun(directory);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function files(directory: string, run: Run): Answer {
  const file = join(directory, manifestFile);
  if (!existsSync(file)) {
    const why = `${manifestFile} is missing: the run did not come to its end, or somebody took it away. cofferdam attest makes one of the files as they are now`;
    return { about: 'files', outcome: 'differs', sentence: 'not sealed', details: [why] };
  }
  try {
    const actual = manifestOf(directory, run.run.id);
    const differences = [...manifestDifferences(readRegular(file).toString('utf8'), actual), ...spelling(directory)];
    return answer('files', `all ${actual.files.length} are as ${manifestFile} lists them`, differences);
  } catch (error) {
    return answer('files', '', [(error as Error).message]);
  }
}

/** run.json has to mean one thing to every reader. */
function spelling(directory: string): string[] {
  const text = readRegular(join(directory, 'run.json')).toString('utf8');
  return `${JSON.stringify(JSON.parse(text), undefined, 1)}\n` === text ? [] : [`run.json: ${otherSpelling}`];
}

function rawLogs(directory: string): RawLogs {
  const folder = join(directory, 'raw');
  if (!isDirectory(folder)) return new Map();
  return new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [entry.name.replace(/\.log$/, ''), readRegular(join(folder, entry.name))]),
  );
}

function journal(directory: string, raw: RawLogs, run: Run): Answer {
  try {
    const events = readChain(readRegular(join(directory, 'journal.ndjson')).toString('utf8'));
    const agreement = `${events.length} lines, each with the digest of the one before; raw logs and run.json are as recorded`;
    return answer('journal', agreement, journalDifferences(events, raw, run));
  } catch (error) {
    return answer('journal', '', [(error as Error).message]);
  }
}

const observations = (raw: RawLogs, run: Run): Answer =>
  answer(
    'observations',
    `${run.containers.reduce((sum, one) => sum + one.observations.length, 0)} are what ${run.containers.length} containers printed`,
    observationDifferences(raw, run),
  );

async function verdicts(directory: string, run: Run, judge: NonNullable<VerifyOptions['judge']>): Promise<Answer> {
  if (run.meaning !== meaningVersion) {
    return {
      about: 'verdicts',
      outcome: 'unknown',
      sentence: `judged with meaning ${run.meaning}, and this version of cofferdam has ${meaningVersion}: verify with version ${run.suite.version}`,
      details: [],
    };
  }
  const again = await judge(directory, run);
  const agreement = `${again.length} follow from the observations, judged again with meaning ${meaningVersion}`;
  return answer('verdicts', agreement, verdictDifferences(run, again, await sameWords(run)));
}
