/** One question that `cofferdam verify` puts to a directory, and the answer. */
export interface Answer {
  about: 'files' | 'journal' | 'observations' | 'reports' | 'verdicts' | 'signature' | 'proof';
  /** `unknown`: it could not be asked, which is said and never passed over. */
  outcome: 'agrees' | 'differs' | 'unknown';
  sentence: string;
  /** What differs, one phrase each. */
  details: readonly string[];
}

/** All answers, and what they come to: exit code 0, 1 for anything that differs, 3 for anything that is not known. */
export interface Verification {
  answers: readonly Answer[];
  exitCode: 0 | 1 | 3;
}

/** What several answers come to. */
export function concluded(answers: readonly Answer[]): Verification {
  const has = (outcome: Answer['outcome']) => answers.some((one) => one.outcome === outcome);
  return { answers, exitCode: has('differs') ? 1 : has('unknown') ? 3 : 0 };
}

/** An answer from what differs. */
export const answer = (about: Answer['about'], agreement: string, details: readonly string[]): Answer =>
  details.length === 0
    ? { about, outcome: 'agrees', sentence: agreement, details }
    : {
        about,
        outcome: 'differs',
        sentence: `${details.length} ${details.length === 1 ? 'thing differs' : 'things differ'}`,
        details,
      };
