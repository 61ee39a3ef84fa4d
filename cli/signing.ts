import type { Command } from 'commander';
import { requireIdentity } from '../evidence/identity.ts';
import { keylessSigner, sigstoreServices } from '../evidence/keyless.ts';
import { keyVariable, privateKey } from '../evidence/keys.ts';
import { keySigner } from '../evidence/signer.ts';
import type { Signer } from '../evidence/signer.ts';
import { UsageError } from '../harness/usage.ts';

/** With what evidence is signed, as commander hands it over. */
export interface SigningFlags {
  signKey?: string;
  keyless?: boolean;
  fulcioUrl?: string;
  rekorUrl?: string;
  timestampUrl?: string;
}

/** With what to sign. */
export const withSigning = (command: Command): Command =>
  command
    .option(
      '--sign-key <file>',
      `sign the evidence with this private key, in PEM (default: the text in $${keyVariable}, when there is one)`,
    )
    .option('--keyless', 'sign with the identity that the CI gives, under a certificate of sigstore; needs the network')
    .option('--fulcio-url <url>', 'with --keyless: who issues the certificate (default: the public sigstore)')
    .option('--rekor-url <url>', 'with --keyless: the log that witnesses the signature (default: the public one)')
    .option(
      '--timestamp-url <url>',
      'with --keyless: an authority that witnesses its time, beside a log or without one',
    );

/** Who signs; undefined when nobody does. Throws a UsageError when that cannot work, as far as it can be known beforehand. */
export function signerOf(flags: SigningFlags): Signer | undefined {
  const { signKey, keyless, fulcioUrl, rekorUrl, timestampUrl } = flags;
  if (keyless) {
    if (signKey !== undefined) throw new UsageError('--keyless and --sign-key are two ways to sign: give one');
    const services = sigstoreServices({ fulcio: fulcioUrl, rekor: rekorUrl, timestamp: timestampUrl });
    requireIdentity();
    return keylessSigner(services);
  }
  const [url] = Object.entries({ fulcioUrl, rekorUrl, timestampUrl }).find(([, given]) => given !== undefined) ?? [];
  if (url !== undefined)
    throw new UsageError(`--${url.replace('Url', '-url')} says where to sign with --keyless: give that, too`);
  const key = privateKey(signKey);
  return key && keySigner(key);
}
