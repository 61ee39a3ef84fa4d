import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../evidence/manifest.ts';
import { writeFileWhole } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';

/** Raised when a reader of an older prove.json would misunderstand a newer one. */
export const recordSchema = 1;

const seen = z.strictObject({
  check: z.string(),
  verdict: z.enum(['held', 'breached', 'exposed', 'inconclusive', 'not-applicable']),
  reason: z.string(),
});

const pairOutcome = z.strictObject({
  /** `runtime/system-calls-are-not-filtered@runc`: the breach, and the handler that it was planted under. */
  pair: z.string(),
  /** What was broken, in a sentence. */
  breaks: z.string(),
  /** Why there was nothing to catch. */
  notPlanted: z.string().optional(),
  /** The directory of the run that has the evidence, below that of prove.json. */
  run: z.string().optional(),
  /** Checks that had to be breached, and were. */
  caught: z.array(seen),
  /** Checks that had to be breached, and were not. */
  missed: z.array(seen),
  /** Checks that were breached and should not have been. */
  alsoRed: z.array(seen),
  /** Other checks that could not be decided: a broken runtime may well make that impossible. */
  undecided: z.array(seen),
});

const record = z.strictObject({
  schema: z.literal(recordSchema),
  suite: z.strictObject({ name: z.literal('cofferdam'), version: z.string() }),
  /** The version of what verdicts mean. */
  meaning: z.number().int(),
  /** Digests of what the checks say, and of what the breaches are: another digest is another proof. */
  checks: z.string(),
  breaches: z.string(),
  started: z.iso.datetime(),
  /** When the last pair was proved; missing as long as some are left. */
  finished: z.iso.datetime().optional(),
  /** The nodes that it was proved on, as the runs found them. */
  node: z
    .strictObject({ kernel: z.string(), osImage: z.string(), containerRuntime: z.string(), kubelet: z.string() })
    .optional(),
  /** The pairs that were asked for. */
  planned: z.array(z.string()),
  /** Checks that no breach of the catalogue turns red, and why. */
  withoutBreach: z.record(z.string(), z.string()),
  outcomes: z.array(pairOutcome),
});

export type Seen = z.infer<typeof seen>;
export type PairOutcome = z.infer<typeof pairOutcome>;
export type ProveRecord = z.infer<typeof record>;

const fileOf = (directory: string): string => join(directory, 'prove.json');

/** A record with the file that it was read from, and that file's digest. */
export interface StoredRecord {
  file: string;
  sha256: string;
  record: ProveRecord;
}

/** The record in a directory, if it has one. Throws a UsageError for one that cannot be read. */
export const readRecord = (directory: string): ProveRecord | undefined => readStored(directory)?.record;

/** The same, with where it was read. */
export function readStored(directory: string): StoredRecord | undefined {
  const file = fileOf(directory);
  if (!existsSync(file)) return undefined;
  let content: Buffer;
  let json: unknown;
  try {
    content = readFileSync(file);
    json = JSON.parse(content.toString('utf8'));
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const parsed = record.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UsageError(
      `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a record of cofferdam prove'}`,
    );
  }
  return { file, sha256: sha256(content), record: parsed.data };
}

/** Writes the record, whole or not at all. */
export const writeRecord = (directory: string, value: ProveRecord): void =>
  writeFileWhole(fileOf(directory), `${JSON.stringify(record.parse(value), undefined, 1)}\n`);

/** A stored record to go on with, where the same breaches, checks and rules would be proved. Throws a UsageError elsewhere. */
export function goOnWith(stored: ProveRecord, fresh: ProveRecord, directory: string): ProveRecord {
  const differs = (['suite', 'meaning', 'checks', 'breaches', 'planned'] as const).find(
    (name) => JSON.stringify(stored[name]) !== JSON.stringify(fresh[name]),
  );
  if (differs)
    throw new UsageError(
      `--out ${directory} holds a prove that cannot be gone on with, because its ${differs} differ: name another directory`,
    );
  // What could not be planted then may be now.
  const outcomes = stored.outcomes.filter((outcome) => outcome.notPlanted === undefined);
  return { ...stored, outcomes, ...(outcomes.length < stored.planned.length && { finished: undefined }) };
}
