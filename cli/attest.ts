import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attest } from '../evidence/attest.ts';
import { tokenVariable } from '../evidence/identity.ts';
import { bundleFile } from '../evidence/manifest.ts';
import { verifyContents } from '../evidence/verify.ts';
import { judgeStored } from '../harness/judging.ts';
import { UsageError } from '../harness/usage.ts';
import { loadRun } from './load.ts';
import { print } from './output.ts';
import { signerOf, withSigning } from './signing.ts';
import type { SigningFlags } from './signing.ts';

export function addAttest(program: Command): void {
  withSigning(program.command('attest <dir>'))
    .description('seal a stored run, and sign it with a key or with the identity of a CI')
    .option('--statement', 'print the in-toto statement to standard output, for a tool that signs it in another way')
    .addHelpText(
      'after',
      `
Checks first that the run agrees with itself, as cofferdam verify does, and signs nothing that does not. Writes
manifest.json, attestation.sigstore.json and, with a key, attestation.pub into DIR. Needs no network but for --keyless.
Without a key or an identity, only the manifest is written.

A key:
  $ openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out cofferdam.key
  $ openssl pkey -in cofferdam.key -pubout -out cofferdam.pub      for those who verify

An identity: in a job of GitHub Actions with the permission "id-token: write", in Buildkite, or from any other CI in
${tokenVariable}. Who signs with --keyless at the public sigstore tells the world so: the log names the identity, and
keeps digests, not verdicts.

Exit codes: 0 sealed, or signed; 2 the key, the identity or the run cannot be used, and nothing was written.`,
    )
    .action(async (given: string, flags: SigningFlags & { statement?: boolean }) => {
      const directory = resolve(given);
      const signer = signerOf(flags);
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
      const { statement, by } = await attest(directory, run, signer);
      if (flags.statement) print(JSON.stringify(statement));
      else
        print(
          by === undefined
            ? 'Sealed, and not signed: there is no key, and no --keyless'
            : `Signed ${by}: ${statement.predicate.result}`,
        );
    });
}
