import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../harness/evidence.ts';
import { writeFileWhole } from '../harness/store.ts';
import { signStatement } from './bundle.ts';
import { publicPem } from './keys.ts';
import { bundleFile, publicKeyFile, seal, sha256 } from './manifest.ts';
import { statementOf } from './statement.ts';
import type { Statement } from './statement.ts';

/**
 * Seals a directory as it is now and, with a key, signs that: public key first, so that it is sealed too, then the
 * manifest, then the signature over the manifest. Nothing in the directory may change afterwards. Returns the statement.
 */
export function attest(directory: string, run: Run, key: KeyObject | undefined): Statement {
  if (key) writeFileSync(join(directory, publicKeyFile), publicPem(key));
  const statement = statementOf(run, sha256(seal(directory, run.run.id)));
  if (key) writeFileWhole(join(directory, bundleFile), signStatement(statement, key));
  return statement;
}
