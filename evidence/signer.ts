import type { KeyObject } from 'node:crypto';
import { signStatement } from './bundle.ts';
import { fingerprint, publicPem } from './keys.ts';
import type { Statement } from './statement.ts';

/** Who signs statements, and with what. */
export interface Signer {
  /** The public half, in PEM, to be laid beside the signature. A certificate is in the signature itself. */
  publicKey?: string;
  /** The text of a sigstore bundle, and for people by whom it is. Throws a UsageError where it cannot be made. */
  sign(statement: Statement): Promise<Signed>;
}

export interface Signed {
  bundle: string;
  by: string;
}

/** Signs with a local key, and needs nobody for it. */
export const keySigner = (key: KeyObject): Signer => ({
  publicKey: publicPem(key),
  sign: (statement) =>
    Promise.resolve({ bundle: signStatement(statement, key), by: `with key SHA256:${fingerprint(key)}` }),
});
