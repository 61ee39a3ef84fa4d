import type { Command } from 'commander';
import { resolve } from 'node:path';
import { publicKey } from '../evidence/keys.ts';
import { verifyDirectory } from '../evidence/verify.ts';
import { verificationReport } from '../reports/verification.ts';
import { print, terminalWidth, wantsColor } from './output.ts';

export function addVerify(program: Command): void {
  program
    .command('verify <dir>')
    .description('check that a stored run is whole, says one thing everywhere, and is signed by whom you think')
    .option('--key <file>', "the signer's public key, in PEM, as you got it from the signer")
    .addHelpText(
      'after',
      `
Compares every file with the manifest, follows the journal's chain, reads observations out of the raw logs again,
compares the reports with run.json, judges again, and checks the signature. Changes nothing, and needs no network.

A signature says who signed which bytes. It does not say that the cluster told the truth.

Exit codes: 0 everything agrees, 1 something differs, 2 DIR holds no evidence that can be read, or it was signed with
another key than --key, 3 something could not be checked.`,
    )
    .action(async (directory: string, flags: { key?: string }) => {
      const verification = await verifyDirectory(resolve(directory), {
        key: flags.key === undefined ? undefined : publicKey(flags.key),
      });
      print(verificationReport(verification, { color: wantsColor(), width: terminalWidth() }));
      process.exitCode = verification.exitCode;
    });
}
