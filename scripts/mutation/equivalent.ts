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
export const equivalents: readonly Equivalent[] = [];
