import { isDeepStrictEqual } from 'node:util';
import type { CitedProof, Run } from '../harness/evidence.ts';
import { answer } from './verification.ts';
import type { Answer } from './verification.ts';

/** A proof as its reader has it before them. */
export interface GivenProof {
  /** The suite that it was made with. */
  version: string;
  meaning: number;
  cited: CitedProof;
}

/** Whether the run cites this proof, and says of it what it says itself. A run that cites none differs: one was expected. */
export function proofAnswer({ proof, suite, meaning }: Run, given: GivenProof): Answer {
  const { cited } = given;
  if (!proof) return answer('proof', '', ['run.json cites none']);
  if (proof.sha256 !== cited.sha256) {
    return answer('proof', '', [`this prove.json has SHA-256 ${cited.sha256}, run.json cites ${proof.sha256}`]);
  }
  const said: [what: string, byRun: unknown, byProof: unknown][] = [
    ['the version', suite.version, given.version],
    ['the meaning', meaning, given.meaning],
    ['when it was finished', proof.finished, cited.finished],
    ['how many were caught', proof.caught, cited.caught],
    ['how many were planned', proof.planned, cited.planned],
    ['the node', proof.node, cited.node],
  ];
  const differing = said.filter(([, byRun, byProof]) => !isDeepStrictEqual(byRun, byProof));
  return answer(
    'proof',
    `run.json cites this prove.json: ${cited.caught} of ${cited.planned} planted breaches were caught`,
    differing.map(
      ([what, byRun, byProof]) =>
        `${what}: run.json says ${JSON.stringify(byRun)}, prove.json ${JSON.stringify(byProof)}`,
    ),
  );
}
