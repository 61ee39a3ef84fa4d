import {
  BUNDLE_V03_MEDIA_TYPE,
  bundleFromJSON,
  bundleToJSON,
  isBundleWithDsseEnvelope,
  isBundleWithPublicKey,
  toDSSEBundle,
} from '@sigstore/bundle';
import type { Bundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { Verifier, toSignedEntity } from '@sigstore/verify';
import type { SignedEntity } from '@sigstore/verify';
import { X509Certificate, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { UsageError } from '../harness/usage.ts';
import { fingerprint } from './keys.ts';
import { payloadType, statementSchema } from './statement.ts';
import type { Statement } from './statement.ts';

/** Signs a statement with a local key: a sigstore bundle (v0.3) around a DSSE envelope. Needs no network. */
export function signStatement(statement: Statement, key: KeyObject): string {
  const artifact = Buffer.from(JSON.stringify(statement));
  const signature = sign(
    key.asymmetricKeyType === 'ec' ? 'sha256' : null,
    dsse.preAuthEncoding(payloadType, artifact),
    key,
  );
  return bundleText(toDSSEBundle({ artifact, artifactType: payloadType, signature, keyHint: fingerprint(key) }));
}

/** Proto3's JSON has one form for a bundle, and this is its one spelling: base64 alone would leave bits that mean nothing. */
export const bundleText = (bundle: Bundle): string => `${JSON.stringify(bundleToJSON(bundle), undefined, 1)}\n`;

/** What a bundle says, whoever signed it. */
export interface OpenedBundle {
  bundle: Bundle;
  statement: Statement;
  /** The fingerprint by which the signer's key is named; undefined where a certificate stands in a key's place. */
  signer: string | undefined;
  /** The same, as the envelope has it. */
  keyid: string | undefined;
  /** Its bytes are those that cofferdam writes. */
  canonical: boolean;
}

/** Reads a bundle. Throws a UsageError on a file that is none, or that is about something else. */
export function openBundle(file: string, text: string): OpenedBundle {
  let bundle: Bundle;
  try {
    bundle = bundleFromJSON(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`${file} is no sigstore bundle: ${(error as Error).message}`);
  }
  if (!isBundleWithDsseEnvelope(bundle) || bundle.content.dsseEnvelope.payloadType !== payloadType) {
    throw new UsageError(`${file} signs something else than an in-toto statement`);
  }
  let statement: Statement;
  try {
    statement = statementSchema.parse(JSON.parse(bundle.content.dsseEnvelope.payload.toString('utf8')));
  } catch {
    throw new UsageError(`${file} signs a statement of another kind than an in-toto test result`);
  }
  const signer = isBundleWithPublicKey(bundle) ? bundle.verificationMaterial.content.publicKey.hint : undefined;
  // It will be shown to people, and is whatever somebody wrote there.
  if (signer !== undefined && !/^[\w+/=:.-]{1,200}$/.test(signer)) throw new UsageError(`${file} names no key`);
  const keyid = bundle.content.dsseEnvelope.signatures[0]?.keyid;
  return {
    bundle,
    statement,
    signer,
    keyid,
    canonical: bundle.mediaType === BUNDLE_V03_MEDIA_TYPE && text === bundleText(bundle),
  };
}

/** The key in the certificate, which says nothing of who holds it; undefined without a certificate, or in one that is none. */
export function certificateKey({ bundle }: OpenedBundle): KeyObject | undefined {
  const { content } = bundle.verificationMaterial;
  if (content.$case !== 'certificate') return undefined;
  try {
    return new X509Certificate(content.certificate.rawBytes).publicKey;
  } catch {
    return undefined;
  }
}

/** Whether the signature is that of the key over the statement. Neither a log nor a time is asked for. */
export function signedBy({ bundle }: OpenedBundle, key: KeyObject): boolean {
  const trust = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey: key, validFor: () => true }),
  };
  try {
    // What a log or a timestamp says is not asked, and must not be in the way.
    const bare: SignedEntity = {
      ...toSignedEntity(bundle),
      key: { $case: 'public-key', hint: '' },
      timestamps: [],
      tlogEntries: [],
    };
    new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(bare);
    return true;
  } catch {
    return false;
  }
}
