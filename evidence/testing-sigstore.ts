import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from '@sigstore/mock';
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A sigstore of its own on loopback: certificate authority, its log, a log of signatures, a timestamp authority. */
export interface LocalSigstore {
  /** Where each is, and all of them are. */
  url: string;
  /** Whom to trust, as `trusted_root.json` has it. */
  trustedRoot: unknown;
  /** How many requests came. */
  requests: () => number;
  close(): void;
}

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const bytes = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);

/** Nothing of it outlives the test, and nothing leaves the machine. */
export async function localSigstore(): Promise<LocalSigstore> {
  // A whole second, and one for all: the mock writes parts of a second in a form that not every reader takes. And one to
  // come: the mock's own certificates are good from the second in which they are made, however long that takes here.
  const now = new Date((Math.floor(Date.now() / 1000) + 60) * 1000);
  const ctlog = await initializeCTLog(pair(), now);
  const ca = await initializeCA(pair(), ctlog, now);
  let requests = 0;
  let handlers: { path: string; fn: (body: string) => Promise<Answered> }[] = [];
  const server = createServer((request, response) => {
    requests++;
    void (async () => {
      const body = (await buffer(request)).toString();
      const handler = handlers.find(({ path }) => path === request.url);
      if (!handler) return response.writeHead(404).end();
      const { statusCode, response: answer, contentType } = await handler.fn(body);
      return response
        .writeHead(statusCode, { 'content-type': contentType ?? 'text/plain' })
        .end(typeof answer === 'string' ? answer : bytes(answer));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tlog = await initializeTLog(url, pair(), now);
  const tsa = await initializeTSA(pair(), now);
  const { path, fn } = rekorHandler(tlog);
  handlers = [fulcioHandler(ca), { path, fn: (body) => fn(asLogged(body)) }, tsaHandler(tsa)];

  const validFor = { start: new Date(0) };
  const authority = (...certificates: ArrayBufferView[]) => ({
    subject: { organization: 'test', commonName: 'test' },
    uri: url,
    certChain: { certificates: certificates.map((one) => ({ rawBytes: bytes(one) })) },
    validFor,
    operator: 'test',
  });
  const log = (publicKey: Buffer, keyId: Buffer) => ({
    baseUrl: url,
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: { rawBytes: publicKey, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor },
    logId: { keyId },
    checkpointKeyId: undefined,
    operator: 'test',
  });
  return {
    url,
    trustedRoot: TrustedRoot.toJSON({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      certificateAuthorities: [authority(ca.rootCertificate)],
      timestampAuthorities: [authority(tsa.intCertificate, tsa.rootCertificate)],
      tlogs: [log(tlog.publicKey, createHash('sha256').update(tlog.publicKey).digest())],
      ctlogs: [log(ctlog.publicKey, bytes(ctlog.logID))],
    }),
    requests: () => requests,
    close: () => server.close(),
  };
}

/** What a log makes of an envelope before it logs it: digests and signatures alone. The mock logs what it gets. */
function asLogged(body: string): string {
  const { apiVersion, kind, spec } = JSON.parse(body) as {
    apiVersion: string;
    kind: string;
    spec: { proposedContent: { envelope: string; verifiers: string[] } };
  };
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] };
  const hash = (content: string | Buffer) => ({
    algorithm: 'sha256',
    value: createHash('sha256').update(content).digest('hex'),
  });
  return JSON.stringify({
    apiVersion,
    kind,
    spec: {
      envelopeHash: hash(envelope),
      payloadHash: hash(Buffer.from(payload, 'base64')),
      signatures: signatures.map(({ sig }, index) => ({ signature: sig, verifier: verifiers[index] })),
    },
  });
}

interface Answered {
  statusCode: number;
  response: string | ArrayBufferView;
  contentType?: string;
}

/** An OIDC token of somebody, good for some seconds or expired that long. Nobody checks who signed it. */
export function tokenOf(claims: Record<string, unknown>, secondsLeft = 600): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + secondsLeft;
  return [part({ alg: 'none' }), part({ aud: 'sigstore', exp, ...claims }), 'c2ln'].join('.');
}
