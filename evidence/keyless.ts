import { X509Certificate } from '@sigstore/core';
import {
  DEFAULT_FULCIO_URL,
  DEFAULT_REKOR_URL,
  DSSEBundleBuilder,
  FulcioSigner,
  InternalError,
  RekorWitness,
  TSAWitness,
} from '@sigstore/sign';
import { UsageError } from '../harness/usage.ts';
import { bundleText } from './bundle.ts';
import { identityToken } from './identity.ts';
import type { Signer } from './signer.ts';
import { payloadType } from './statement.ts';

/** Where certificates come from, and who witnesses when they were used. Each by the URL of its API. */
export interface SigstoreServices {
  fulcio: string;
  rekor?: string | undefined;
  timestamp?: string | undefined;
}

/**
 * The services of the public sigstore, or those of a sigstore of one's own. Whoever names a certificate authority gets no
 * public log in addition: it would tell everybody who signed. Throws a UsageError on what is no place to send a token to.
 */
export function sigstoreServices(given: Partial<Record<keyof SigstoreServices, string | undefined>>): SigstoreServices {
  const services = {
    fulcio: given.fulcio ?? DEFAULT_FULCIO_URL,
    rekor: given.rekor ?? (given.fulcio === undefined ? DEFAULT_REKOR_URL : undefined),
    timestamp: given.timestamp,
  };
  if (services.rekor === undefined && services.timestamp === undefined) {
    throw new UsageError(
      `--fulcio-url ${services.fulcio} needs --rekor-url or --timestamp-url: a certificate lasts some minutes, and somebody has to witness that it was used in them`,
    );
  }
  for (const url of Object.values(services)) if (url !== undefined) checkUrl(url);
  return services;
}

function checkUrl(given: string): void {
  const url = URL.parse(given);
  const here = ['127.0.0.1', '[::1]', 'localhost'].includes(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && here)) return;
  throw new UsageError(`${given} is no https URL: a token of an identity is not sent in the open`);
}

/** Milliseconds that a service may take. A log answers once the entry is in it. */
const patience = 20_000;
const trying = { timeout: patience, retry: { retries: 2 } };

/** Signs with a key that lives for one signature, under a certificate of the identity that the CI gives. Needs the network. */
export const keylessSigner = (services: SigstoreServices): Signer => ({
  async sign(statement) {
    const token = await identityToken();
    const builder = new DSSEBundleBuilder({
      signer: new FulcioSigner({
        fulcioBaseURL: services.fulcio,
        identityProvider: { getToken: () => Promise.resolve(token) },
        ...trying,
      }),
      witnesses: [
        // Of an entry of this type the log keeps digests, and no verdict.
        ...(services.rekor === undefined
          ? []
          : [new RekorWitness({ rekorBaseURL: services.rekor, entryType: 'dsse', ...trying })]),
        ...(services.timestamp === undefined ? [] : [new TSAWitness({ tsaBaseURL: services.timestamp, ...trying })]),
      ],
    });
    try {
      const bundle = await builder.create({ data: Buffer.from(JSON.stringify(statement)), type: payloadType });
      return { bundle: bundleText(bundle), by: `as ${signerOf(bundle.verificationMaterial.content)}` };
    } catch (error) {
      throw new UsageError(`not signed: ${whatFailed(error, services)}`);
    }
  },
});

function signerOf(content: Parameters<typeof bundleText>[0]['verificationMaterial']['content']): string {
  const raw = content.$case === 'certificate' ? content.certificate.rawBytes : undefined;
  return (raw && X509Certificate.parse(Buffer.from(raw)).subjectAltName) ?? 'nobody that the certificate names';
}

function whatFailed(error: unknown, { fulcio, rekor, timestamp }: SigstoreServices): string {
  if (!(error instanceof InternalError)) return (error as Error).message;
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  switch (error.code) {
    case 'CA_CREATE_SIGNING_CERTIFICATE_ERROR':
      return `${fulcio} gave no certificate (${cause})`;
    case 'TLOG_CREATE_ENTRY_ERROR':
    case 'TLOG_FETCH_ENTRY_ERROR':
      return `${rekor ?? 'the log'} took no entry (${cause})`;
    case 'TSA_CREATE_TIMESTAMP_ERROR':
      return `${timestamp ?? 'the timestamp authority'} gave no timestamp (${cause})`;
    // Its message holds the token.
    case 'IDENTITY_TOKEN_PARSE_ERROR':
      return 'the token of the identity has no verified name';
    default:
      return `${error.code}: ${cause}`;
  }
}
