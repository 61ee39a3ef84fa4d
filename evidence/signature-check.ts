import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../harness/evidence.ts';
import { isFile, readRegular } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import { certificateKey, openBundle, signedBy } from './bundle.ts';
import type { OpenedBundle } from './bundle.ts';
import { certificateDifferences } from './certificate-check.ts';
import type { ExpectedCertificate } from './certificate-check.ts';
import { fingerprint, publicKey } from './keys.ts';
import { bundleDigest, bundleDigestFile, bundleFile, manifestFile, publicKeyFile, sha256 } from './manifest.ts';
import { testResult } from './statement.ts';
import type { Statement } from './statement.ts';
import { answer } from './verification.ts';
import type { Answer } from './verification.ts';

/** Who has to have signed; without either, anybody. */
export interface ExpectedSigner {
  key?: KeyObject | undefined;
  certificate?: ExpectedCertificate | undefined;
}

/**
 * Whether the signature is that of the expected signer, over this manifest and these verdicts. Without one it is checked with
 * the key beside it, or in its certificate: that finds a change, and says nothing of who signed. Throws a UsageError on a
 * bundle of another signer.
 */
export function signatureAnswer(directory: string, run: Run, expected: ExpectedSigner): Answer {
  const file = join(directory, bundleFile);
  if (!existsSync(file)) return withoutBundle(directory, expected);
  let text: string;
  try {
    text = readRegular(file).toString('utf8');
  } catch (error) {
    throw new UsageError(`${file} is no sigstore bundle: ${(error as Error).message}`);
  }
  const opened = openBundle(file, text);
  const { signer, canonical } = opened;
  const about = statementDifferences(directory, run, opened.statement);
  if (signer === undefined) {
    if (expected.key) throw new UsageError(`${file} was signed with a certificate, not with --key`);
    const rest = [...digestDifferences(directory, text, canonical), ...about];
    return byCertificate(file, opened, expected.certificate, rest);
  }
  if (expected.certificate) {
    throw new UsageError(`${file} was signed with key SHA256:${signer}, not with a certificate`);
  }
  const rest = [
    ...(canonical ? [] : [`${bundleFile} is not written as cofferdam writes it`]),
    ...(existsSync(join(directory, bundleDigestFile)) ? [`${bundleDigestFile} was added`] : []),
    ...about,
  ];
  return byKey(directory, file, { ...opened, signer }, expected.key, rest);
}

/** Whether the bytes of a signature by certificate are those that were written. Another program leaves no digest of them. */
function digestDifferences(directory: string, bundle: string, ours: boolean): string[] {
  const file = join(directory, bundleDigestFile);
  if (!existsSync(file)) return ours ? [`${bundleDigestFile} is missing`] : [];
  const agrees = isFile(file) && readRegular(file).toString('utf8') === bundleDigest(bundle);
  return agrees ? [] : [`${bundleDigestFile} is not of ${bundleFile}`];
}

function withoutBundle(directory: string, { key, certificate }: ExpectedSigner): Answer {
  if (key || certificate) {
    const whom = key ? 'with --key' : `by ${certificate?.identity ?? ''}`;
    return answer('signature', '', [`there is no ${bundleFile}, so nothing is signed ${whom}`]);
  }
  const left = [publicKeyFile, bundleDigestFile].find((file) => existsSync(join(directory, file)));
  if (left !== undefined) {
    return answer('signature', '', [`${left} is there, and ${bundleFile} is not: the signature was taken away`]);
  }
  const sentence = 'none: unsigned. Who can write into the directory could have made all of it';
  return { about: 'signature', outcome: 'agrees', sentence, details: [] };
}

function byCertificate(
  file: string,
  opened: OpenedBundle,
  expected: ExpectedCertificate | undefined,
  rest: readonly string[],
): Answer {
  if (expected) {
    const whose = `${opened.statement.predicate.result}, by ${expected.identity} on the word of ${expected.issuer}`;
    return answer('signature', whose, [...certificateDifferences(file, opened, expected), ...rest]);
  }
  const key = certificateKey(opened);
  const found = key && signedBy(opened, key) ? rest : ['it is not the signature of its own certificate', ...rest];
  if (found.length > 0) return answer('signature', '', found);
  const sentence =
    'made with a certificate, and nobody said whose it has to be: give --certificate-identity, --certificate-issuer and --trusted-root';
  return { about: 'signature', outcome: 'unknown', sentence, details: [] };
}

function byKey(
  directory: string,
  file: string,
  opened: OpenedBundle & { signer: string },
  key: KeyObject | undefined,
  rest: readonly string[],
): Answer {
  const { signer, keyid } = opened;
  const beside = join(directory, publicKeyFile);
  const checkedWith = key ?? (isFile(beside) ? publicKey(beside) : undefined);
  if (!checkedWith) return answer('signature', '', [`${publicKeyFile} is missing, and no --key was given`]);
  const name = fingerprint(checkedWith);
  if (key && signer !== name) {
    throw new UsageError(`${file} was signed with another key: it names SHA256:${signer}, --key is SHA256:${name}`);
  }
  const whose = key
    ? `by key SHA256:${name}`
    : `by key SHA256:${name}, as ${publicKeyFile} in the directory has it, which proves nothing of who: give the signer's with --key`;
  return answer('signature', `${opened.statement.predicate.result}, ${whose}`, [
    ...(signer === name && keyid === signer
      ? []
      : [`it names key SHA256:${signer}, ${publicKeyFile} is SHA256:${name}`]),
    ...(signedBy(opened, checkedWith)
      ? []
      : [`it is not the signature of key SHA256:${name} over the statement in ${bundleFile}`]),
    ...rest,
  ]);
}

/** Where the statement is about something else than this directory. */
function statementDifferences(directory: string, run: Run, { subject, predicate }: Statement): string[] {
  const manifest = join(directory, manifestFile);
  const digest = isFile(manifest) ? sha256(readRegular(manifest)) : undefined;
  const { configuration: _, ...said } = predicate;
  return [
    ...(subject.length === 1 && subject[0]?.digest['sha256'] === digest ? [] : [`it is about another ${manifestFile}`]),
    ...(isDeepStrictEqual(said, testResult(run)) ? [] : ['its test result is not that of run.json']),
  ];
}
