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
    const sentence = 'none: unsigned. Who can write into the directory could have made all of it';
    return { about: 'signature', outcome: 'agrees', sentence, details: [] };
  }
  const opened = openBundle(file, readFileSync(file, 'utf8'));
  const { statement, signer, keyid, canonical } = opened;
  if (signer === undefined) {
    const sentence = `made with a certificate, which cofferdam does not check: cosign verify-blob-attestation does`;
    return { about: 'signature', outcome: 'unknown', sentence, details: [] };
  }
  const beside = join(directory, publicKeyFile);
  const checkedWith = key ?? (existsSync(beside) ? publicKey(beside) : undefined);
  if (!checkedWith) return answer('signature', '', [`${publicKeyFile} is missing, and no --key was given`]);
  const name = fingerprint(checkedWith);
  if (key && signer !== name) {
    throw new UsageError(`${file} was signed with another key: it names SHA256:${signer}, --key is SHA256:${name}`);
  }
  const manifest = existsSync(join(directory, manifestFile))
    ? readFileSync(join(directory, manifestFile))
    : Buffer.alloc(0);
  const { configuration: _, ...said } = statement.predicate;
  const differences = [
    ...(signer === name && keyid === signer
      ? []
      : [`it names key SHA256:${signer}, ${publicKeyFile} is SHA256:${name}`]),
    ...(signedBy(opened, checkedWith)
      ? []
      : [`it is not the signature of key SHA256:${name} over the statement in ${bundleFile}`]),
    ...(canonical ? [] : [`${bundleFile} is not written as cofferdam writes it`]),
    ...(statement.subject.some((one) => one.digest['sha256'] === sha256(manifest)) && statement.subject.length === 1
      ? []
      : [`it is about another ${manifestFile}`]),
    ...(isDeepStrictEqual(said, testResult(run)) ? [] : ['its test result is not that of run.json']),
  ];
  const whose = key
    ? `by key SHA256:${name}`
    : `by key SHA256:${name}, as ${publicKeyFile} in the directory has it, which proves nothing of who: give the signer's with --key`;
  return answer('signature', `${statement.predicate.result}, ${whose}`, differences);
}
