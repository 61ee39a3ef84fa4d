import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UsageError } from '../harness/usage.ts';

/** A PEM private key, for machines that hand out secrets as variables. */
export const keyVariable = 'COFFERDAM_SIGN_KEY';
/** What an encrypted private key is decrypted with. */
export const passphraseVariable = 'COFFERDAM_SIGN_KEY_PASSPHRASE';

const howToMake =
  'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out cofferdam.key makes one, and openssl pkey -in cofferdam.key -pubout -out cofferdam.pub its public half';

/**
 * The key to sign with: of the file, else of the environment; undefined without either. Throws a UsageError on a key that
 * cannot be used.
 */
export function privateKey(file: string | undefined, env: NodeJS.ProcessEnv = process.env): KeyObject | undefined {
  const where = file ?? `the variable ${keyVariable}`;
  const pem = file === undefined ? env[keyVariable] : readKey(file);
  // A CI without its secret leaves an empty variable; a file that was named is meant to be used.
  if (file === undefined && !pem) return undefined;
  if (!pem?.trim()) throw new UsageError(`${where} is empty: it has to hold a private key in PEM; ${howToMake}`);
  if (/ENCRYPTED (SIGSTORE|COSIGN) PRIVATE KEY/.test(pem)) {
    throw new UsageError(`${where} holds a key in cosign's own format, which only cosign reads; ${howToMake}`);
  }
  const passphrase = env[passphraseVariable];
  try {
    return usable(createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) }), where);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const encrypted = /ENCRYPTED/.test(pem)
      ? `; it is encrypted: ${passphraseVariable} has to hold its passphrase`
      : '';
    throw new UsageError(
      `${where} holds no private key in PEM (${(error as Error).message})${encrypted}; ${howToMake}`,
    );
  }
}

/** The key to verify with. Throws a UsageError on a file that holds none. */
export function publicKey(file: string): KeyObject {
  const pem = readKey(file);
  if (/PRIVATE KEY/.test(pem)) {
    throw new UsageError(
      `${file} holds a private key; verifying takes the public one, and a private key should not travel`,
    );
  }
  try {
    return usable(createPublicKey(pem), file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} holds no public key in PEM: ${(error as Error).message}`);
  }
}

/** What sigstore's tools verify with a bare key, without a word on the digest to use. */
function usable(key: KeyObject, where: string): KeyObject {
  const type = key.asymmetricKeyType;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (type === 'ed25519' || (type === 'ec' && curve === 'prime256v1')) return key;
  throw new UsageError(
    `${where} holds a key of type ${type ?? 'unknown'}${curve ? ` (${curve})` : ''}, expected EC on P-256 or Ed25519; ${howToMake}`,
  );
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`the key ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Names a key in bundles and to people: SHA-256 of its public half (DER, SubjectPublicKeyInfo), in base64 as cosign has it. */
export function fingerprint(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

/** The public half, in PEM. */
export const publicPem = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
