import { resolve } from 'node:path';
import type { GivenProof } from '../evidence/proof-check.ts';
import { catalogueDigest, loadCatalogue } from '../harness/catalogue.ts';
import { meaningVersion } from '../harness/evidence.ts';
import type { CitedProof } from '../harness/evidence.ts';
import { UsageError } from '../harness/usage.ts';
import { version } from '../harness/version.ts';
import { citationOf, demandProofOf } from '../prove/cite.ts';
import { readStored } from '../prove/record.ts';
import type { StoredRecord } from '../prove/record.ts';

/**
 * What a run cites for `--proof`, or undefined without it. Throws a UsageError on what is no finished proof of this very
 * suite.
 */
export async function loadProof(directory: string | undefined): Promise<CitedProof | undefined> {
  if (directory === undefined) return undefined;
  const stored = storedIn(directory);
  const checks = catalogueDigest([...(await loadCatalogue()).values()]);
  demandProofOf({ version, meaning: meaningVersion, checks }, stored);
  return citationOf(stored);
}

/** What a run has to cite to cite this proof. Throws a UsageError on what is no finished proof. */
export function proofIn(directory: string): GivenProof {
  const stored = storedIn(directory);
  const { suite, meaning } = stored.record;
  return { version: suite.version, meaning, cited: citationOf(stored) };
}

function storedIn(directory: string): StoredRecord {
  const stored = readStored(resolve(directory));
  if (stored) return stored;
  throw new UsageError(`--proof ${directory} holds no prove.json: cofferdam prove --out DIR writes one`);
}
