import { TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';
import type { TrustMaterial } from '@sigstore/verify';
import { readFileSync } from 'node:fs';
import { UsageError } from '../harness/usage.ts';
import type { OpenedBundle } from './bundle.ts';

/** Whose certificate a signature has to be made with, and by whose word. */
export interface ExpectedCertificate {
  /** The certificate's subject, to the letter: a workflow's URI, or an e-mail address. */
  identity: string;
  /** Who vouched for it: the URL of the OIDC issuer. */
  issuer: string;
  roots: TrustMaterial;
}

/**
 * Authorities and logs to trust, of a file as sigstore's tools write it (`trusted_root.json`). Throws a UsageError on a file
 * that is none.
 */
export function trustedRoot(file: string): TrustMaterial {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`the trusted root ${file} cannot be read: ${(error as Error).message}`);
  }
  let roots: TrustMaterial;
  try {
    roots = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(text)));
  } catch (error) {
    throw new UsageError(`${file} is no trusted root of sigstore: ${(error as Error).message}`);
  }
  if (roots.certificateAuthorities.length === 0) {
    throw new UsageError(`${file} is no trusted root of sigstore: it names no certificate authority`);
  }
  return roots;
}

/**
 * What is wrong with a signature by certificate; empty when it is the expected one's. The root says what there has to be: a
 * log's entry where it names logs, a proof that the certificate is logged where it names logs of certificates, and a moment,
 * witnessed, in which the certificate was valid. Throws a UsageError on a whole signature of somebody else.
 */
export function certificateDifferences(file: string, opened: OpenedBundle, expected: ExpectedCertificate): string[] {
  const { roots } = expected;
  const verifier = new Verifier(roots, {
    tlogThreshold: roots.tlogs.length > 0 ? 1 : 0,
    ctlogThreshold: roots.ctlogs.length > 0 ? 1 : 0,
    timestampThreshold: 1,
  });
  let identity: ReturnType<Verifier['verify']>['identity'];
  try {
    identity = verifier.verify(toSignedEntity(opened.bundle)).identity;
  } catch (error) {
    return [`its certificate is not good by the trusted root: ${(error as Error).message}`];
  }
  const [who, by] = [identity?.subjectAlternativeName, identity?.extensions?.issuer];
  if (who !== expected.identity || by !== expected.issuer) {
    throw new UsageError(
      `${file} was signed by somebody else: by ${who ?? 'nobody named'} on the word of ${by ?? 'nobody'}, expected ${expected.identity} on the word of ${expected.issuer}`,
    );
  }
  return [];
}
