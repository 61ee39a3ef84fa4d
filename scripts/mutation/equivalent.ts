/** A mutant that no test can notice, and why. */
export interface Equivalent {
  file: string;
  /** The line of the source, without its indentation: it outlives a move. */
  line: string;
  /** As the run prints it. */
  what: string;
  because: string;
}

/** Mutants that change no verdict and no word of one. One that a test notices does not belong here: the run says so. */
export const equivalents: readonly Equivalent[] = [
  {
    file: 'harness/judge/judge.ts',
    line: "if (!(subject.kind === 'denied' && subject.selfEvident)) {",
    what: "subject.kind === 'denied' && subject.selfEvident → (subject.selfEvident)",
    because: 'only an outcome of kind denied has selfEvident; the compiler wants to be told',
  },
  {
    file: 'harness/judge/judge.ts',
    line: "if (expectation.kind === 'not-applicable' && subject.kind === expectation.shownBy) {",
    what: "expectation.kind === 'not-applicable' && subject.kind === expectation.shownBy → (subject.kind === expectation.shownBy)",
    because: 'only an expectation of kind not-applicable has shownBy, and no outcome has the kind undefined',
  },
  {
    file: 'harness/judge/judge.ts',
    line: "case 'exposed': // A class that does not claim the boundary may still have it.",
    what: "case 'exposed': // A class that does not claim the boundary  … eturn undefined; dropped",
    because:
      'without it the function ends, and returns undefined too; the case is there for the compiler and the reader',
  },
  {
    file: 'harness/judge/judge.ts',
    line: "if (expectation.errnos && !(subject.kind === 'denied' && expectation.errnos.includes(subject.errno))) {",
    what: "subject.kind === 'denied' && expectation.errnos.includes(subject.errno) → (expectation.errnos.includes(subject.errno))",
    because: 'only an outcome of kind denied has an errno; the compiler wants to be told',
  },
];
