import type { CitedProof } from '../harness/evidence.ts';
import { UsageError } from '../harness/usage.ts';
import { isCaught } from './outcome.ts';
import type { StoredRecord } from './record.ts';

/** What makes a suite the one that was proved. */
export interface ProvedSuite {
  version: string;
  meaning: number;
  /** The digest of the whole catalogue. */
  checks: string;
}

/** What a run says of a proof. Throws a UsageError on one that came to no result. */
export function citationOf({ file, sha256, record }: StoredRecord): CitedProof {
  const { finished, node, planned, outcomes } = record;
  const left = planned.length - outcomes.length;
  if (finished === undefined || left > 0) {
    throw new UsageError(
      `${file} is not finished, ${left} of ${planned.length} breaches are left: the command that began it goes on with it`,
    );
  }
  if (!node) {
    throw new UsageError(`${file} proves nothing, because none of its breaches could be planted: it says why of each`);
  }
  return { sha256, finished, caught: outcomes.filter(isCaught).length, planned: planned.length, node };
}

/** Throws a UsageError when a proof is of another suite than this one: it says nothing of it then. */
export function demandProofOf(suite: ProvedSuite, { file, record }: StoredRecord): void {
  const differing = [
    ...(record.suite.version === suite.version
      ? []
      : [`version ${record.suite.version} (this one is ${suite.version})`]),
    ...(record.meaning === suite.meaning ? [] : [`meaning ${record.meaning} (this one has ${suite.meaning})`]),
    ...(record.checks === suite.checks ? [] : ['other checks, by their digest']),
  ];
  if (differing.length === 0) return;
  throw new UsageError(
    `${file} is of another suite than this one: of ${differing.join(', of ')}. Make a proof of this one: cofferdam prove --out NEW`,
  );
}
