/**
 * The self-check of a format that is written as lines: whatever is not the catalogue's words has to follow from the run, so
 * the file has to be what would be written again. Throws with the first difference.
 */
export function assertFaithful(fileName: string, written: string, expected: string): void {
  if (written === expected) return;
  const [is, should] = [written.split('\n'), expected.split('\n')];
  const line = should.findIndex((text, index) => text !== is[index]);
  const at = line < 0 ? should.length : line;
  throw new Error(
    `${fileName} does not say what run.json says: line ${at + 1} is ${shown(is[at])}, expected ${shown(should[at])}`,
  );
}

/** Parses what was written. Throws when it is no JSON: half a file, or another program's. */
export function parseWritten(fileName: string, written: string): unknown {
  try {
    return JSON.parse(written);
  } catch (error) {
    throw new Error(`${fileName} is not as cofferdam writes it: ${(error as Error).message}`, { cause: error });
  }
}

/** As every JSON format is written: one fact a line. */
export const toJson = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;

const shown = (line: string | undefined): string =>
  line === undefined ? 'absent' : JSON.stringify(line.trim().slice(0, 200));
