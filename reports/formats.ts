import type { Run } from '../harness/evidence.ts';
import type { Details } from './details.ts';
import { checkHtml, html } from './html/index.ts';
import { checkJunit } from './junit-check.ts';
import { rich, strict } from './junit-flavours.ts';
import { junit } from './junit.ts';

/** A report that is made of a run. */
export interface Format {
  /** Its name in the directory of the run. */
  fileName: string;
  /** In a few words, for the help of `--report`. */
  summary: string;
  /** Written when nobody names a format. */
  standard?: true;
  /** Pure: the same run gives the same file. */
  render: (run: Run, details: Details) => string;
  /** Compares what was written with the run it was made of. Throws with the differences. */
  check: (written: string, run: Run) => void;
}

/** All formats, by the name that a user asks for. */
export const formats: Readonly<Record<string, Format>> = {
  junit: {
    fileName: rich.fileName,
    summary: 'JUnit for CI, with all that a case can carry',
    standard: true,
    render: (run, details) => junit(run, details),
    check: (written, run) => checkJunit(written, run),
  },
  html: {
    fileName: 'report.html',
    summary: 'one page for people, without scripts and requests',
    standard: true,
    render: html,
    check: checkHtml,
  },
  'junit-strict': {
    fileName: strict.fileName,
    summary: "JUnit as schemas have it (Jenkins' junit-10.xsd, Ant's JUnit.xsd), with less in a case",
    render: (run, details) => junit(run, details, strict),
    check: (written, run) => checkJunit(written, run, strict),
  },
};
