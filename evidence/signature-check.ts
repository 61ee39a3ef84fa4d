import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../harness/evidence.ts';
import { UsageError } from '../harness/usage.ts';
import { openBundle, signedBy } from './bundle.ts';
import { fingerprint, publicKey } from './keys.ts';
import { bundleFile, manifestFile, publicKeyFile, sha256 } from './manifest.ts';
import { testResult } from './statement.ts';
import type { Statement } from './statement.ts';
import { answer } from './verification.ts';
import type { Answer } from './verification.ts';

/**
 * Whether the signature is that of the key, over this manifest and these verdicts. Without a key it is checked with the one
 * beside it: that finds a change, and says nothing of who signed. Throws a UsageError on a bundle of another key.
 */
export function signatureAnswer(directory: string, run: Run, key: KeyObject | undefined): Answer {
  const file = join(directory, bundleFile);
  if (!existsSync(file)) {
    if (key) return answer('signature', '', [`there is no ${bundleFile}, so nothing is signed with --key`]);
    if (existsSync(join(directory, publicKeyFile))) {
      return answer('signature', '', [
        `${publicKeyFile} is there, and ${bundleFile} is not: the signature was taken away`,
      ]);
    }
    const sentence = 'none: unsigned. Who can write into the directory could have made all of it';
    return { about: 'signature', outcome: 'agrees', sentence, details: [] };
  }
  const opened = openBundle(file, readFileSync(file, 'utf8'));
  const { signer, keyid, canonical } = opened;
  const about = statementDifferences(directory, run, opened.statement);
  if (signer === undefined) {
    // A certificate is worth what its authority and the log say, which takes their roots of trust.
    const sentence = 'made with a certificate, which cofferdam does not check: cosign verify-blob-attestation does';
    return about.length > 0
      ? answer('signature', '', about)
      : { about: 'signature', outcome: 'unknown', sentence, details: [] };
  }
  const beside = join(directory, publicKeyFile);
  const checkedWith = key ?? (existsSync(beside) ? publicKey(beside) : undefined);
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
    ...(canonical ? [] : [`${bundleFile} is not written as cofferdam writes it`]),
    ...about,
  ]);
}

/** Where the statement is about something else than this directory. */
function statementDifferences(directory: string, run: Run, { subject, predicate }: Statement): string[] {
  const manifest = join(directory, manifestFile);
  const digest = existsSync(manifest) ? sha256(readFileSync(manifest)) : undefined;
  const { configuration: _, ...said } = predicate;
  return [
    ...(subject.length === 1 && subject[0]?.digest['sha256'] === digest ? [] : [`it is about another ${manifestFile}`]),
    ...(isDeepStrictEqual(said, testResult(run)) ? [] : ['its test result is not that of run.json']),
  ];
}
