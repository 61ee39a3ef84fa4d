import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attest } from '../evidence/attest.ts';
import { fingerprint, keyVariable, privateKey } from '../evidence/keys.ts';
import { bundleFile } from '../evidence/manifest.ts';
import { verifyContents } from '../evidence/verify.ts';
import { judgeStored } from '../harness/judging.ts';
import { UsageError } from '../harness/usage.ts';
import { loadRun } from './load.ts';
import { print } from './output.ts';

export function addAttest(program: Command): void {
  program
    .command('attest <dir>')
    .description('seal a stored run, and sign it with a key')
    .option('--sign-key <file>', `the private key, in PEM (default: the text in $${keyVariable})`)
    .option('--statement', 'print the in-toto statement to standard output, for a tool that signs it in another way')
    .addHelpText(
      'after',
      `
Checks first that the run agrees with itself, as cofferdam verify does, and signs nothing that does not. Writes
manifest.json, attestation.pub and attestation.sigstore.json into DIR. Needs no network. Without a key, only the manifest.

A key:
  $ openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out cofferdam.key
  $ openssl pkey -in cofferdam.key -pubout -out cofferdam.pub      for those who verify

Exit codes: 0 sealed, or signed; 2 the key or the run cannot be used, and nothing was written.`,
    )
    .action(async (given: string, flags: { signKey?: string; statement?: boolean }) => {
      const directory = resolve(given);
      const key = privateKey(flags.signKey);
      const run = loadRun(directory);
      if (existsSync(join(directory, bundleFile))) {
        throw new UsageError(`${directory} is signed already; to sign it anew, take ${bundleFile} away first`);
      }
      const differing = (await verifyContents(directory, run, judgeStored)).filter((one) => one.outcome !== 'agrees');
      if (differing.length > 0) {
        const reasons = differing.flatMap(({ about, sentence, details }) =>
          details.length ? details : [`${about}: ${sentence}`],
        );
        throw new UsageError(
          `${directory} does not agree with itself, so it is not signed: ${reasons.slice(0, 5).join('; ')}`,
        );
      }
      const statement = attest(directory, run, key);
      if (flags.statement) print(JSON.stringify(statement));
      else
        print(
          key
            ? `Signed with key SHA256:${fingerprint(key)}: ${statement.predicate.result}`
            : 'Sealed, and not signed: there is no key',
        );
    });
}
