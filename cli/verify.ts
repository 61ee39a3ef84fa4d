import type { Command } from 'commander';
import { resolve } from 'node:path';
import { trustedRoot } from '../evidence/certificate-check.ts';
import { publicKey } from '../evidence/keys.ts';
import type { ExpectedSigner } from '../evidence/signature-check.ts';
import { verifyDirectory } from '../evidence/verify.ts';
import { verificationReport } from '../reports/verification.ts';
import { UsageError } from '../harness/usage.ts';
import { print, terminalWidth, wantsColor } from './output.ts';
import { proofIn } from './proof.ts';

export function addVerify(program: Command): void {
  program
    .command('verify <dir>')
    .description('check that a stored run is complete, consistent and signed by the expected signer')
    .option('--key <file>', "the signer's public key, in PEM, as you got it from the signer")
    .option(
      '--certificate-identity <name>',
      "the signer's identity, to the letter, of evidence that was signed keyless",
    )
    .option('--certificate-issuer <url>', 'who vouches for that identity, such as the OIDC issuer of the CI')
    .option('--trusted-root <file>', "whose certificates and logs are trusted, as sigstore's trusted_root.json")
    .option('--proof <dir>', 'the result of cofferdam prove that the run has to cite')
    .addHelpText(
      'after',
      `
Compares every file with the manifest, follows the journal's chain, reads observations out of the raw logs again,
compares the reports with run.json, judges again, and checks the signature. Changes nothing, and needs no network.
With --proof, the run has to cite that prove.json, by its digest, and to say of it what it says.

Of evidence that was signed keyless, the identity of a workflow of GitHub Actions is as follows, and its issuer
https://token.actions.githubusercontent.com:
  https://github.com/ORG/REPOSITORY/.github/workflows/FILE.yml@refs/heads/BRANCH
The trusted root of the public sigstore is what "cosign trusted-root create" writes.

A signature says who signed which bytes. It does not say that the cluster told the truth.

Exit codes: 0 everything agrees, 1 something differs, 2 DIR holds no evidence that can be read, or it was signed with
somebody else than you say, 3 something could not be checked.`,
    )
    .action(async (directory: string, flags: Flags) => {
      const verification = await verifyDirectory(resolve(directory), {
        signer: expectedSigner(flags),
        proof: flags.proof === undefined ? undefined : proofIn(flags.proof),
      });
      print(verificationReport(verification, { color: wantsColor(), width: terminalWidth() }));
      process.exitCode = verification.exitCode;
    });
}

interface Flags {
  key?: string;
  certificateIdentity?: string;
  certificateIssuer?: string;
  trustedRoot?: string;
  proof?: string;
}

/** Who has to have signed. Half of an identity would be anybody's. */
function expectedSigner({
  key,
  certificateIdentity: identity,
  certificateIssuer: issuer,
  trustedRoot: root,
}: Flags): ExpectedSigner {
  const given = [identity, issuer, root].filter((one) => one !== undefined).length;
  if (given === 0) return { key: key === undefined ? undefined : publicKey(key) };
  if (key !== undefined) throw new UsageError('--key and --certificate-identity are two kinds of signer: give one');
  if (identity === undefined || issuer === undefined || root === undefined) {
    throw new UsageError(
      '--certificate-identity, --certificate-issuer and --trusted-root belong together: who signed, who says so, and who is trusted to say it',
    );
  }
  return { certificate: { identity, issuer, roots: trustedRoot(root) } };
}
