import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../harness/evidence.ts';
import { writeFileWhole } from '../harness/store.ts';
import {
  bundleDigest,
  bundleDigestFile,
  bundleFile,
  manifestFile,
  manifestOf,
  manifestText,
  publicKeyFile,
  sha256,
} from './manifest.ts';
import type { Signer } from './signer.ts';
import { statementOf } from './statement.ts';
import type { Statement } from './statement.ts';

/** What was sealed, and by whom it was signed, when it was. */
export interface Attested {
  statement: Statement;
  by?: string;
}

/**
 * Seals a directory as it is now and, with a signer, signs that: public key first, so that it is sealed too, then the
 * signature over the manifest, then both are written. Nothing in the directory may change afterwards. Throws a UsageError
 * when no signature comes about; then nothing is sealed.
 */
export async function attest(directory: string, run: Run, signer?: Signer): Promise<Attested> {
  if (signer?.publicKey !== undefined) writeFileSync(join(directory, publicKeyFile), signer.publicKey);
  const manifest = manifestText(manifestOf(directory, run.run.id));
  const statement = statementOf(run, sha256(manifest));
  const signed = await signer?.sign(statement);
  writeFileWhole(join(directory, manifestFile), manifest);
  if (!signed) return { statement };
  writeFileWhole(join(directory, bundleFile), signed.bundle);
  if (signer?.publicKey === undefined) writeFileSync(join(directory, bundleDigestFile), bundleDigest(signed.bundle));
  return { statement, by: signed.by };
}
