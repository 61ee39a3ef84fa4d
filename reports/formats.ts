import type { Run } from '../harness/evidence.ts';
import { checkJunit } from './junit-check.ts';
import type { Details } from './junit-document.ts';
import { junit } from './junit.ts';
import { checkOpenReports, openReports, openReportsFile } from './openreports.ts';
import { checkOscal, oscal, oscalFile } from './oscal.ts';
import { checkSarif, sarif, sarifFile } from './sarif.ts';
import { checkSonobuoy, sonobuoy, sonobuoyFile } from './sonobuoy.ts';

/** A report that is written into the directory of a run. */
export interface Format {
  fileName: string;
  /** Pure: the same run gives the same file. */
  render: (run: Run, details: Details) => string;
  /** Compares what was written with the run it was made of. Throws with the differences. */
  check: (written: string, run: Run) => void;
}

/** All formats, by the name that a user asks for. */
export const formats: Readonly<Record<string, Format>> = {
  junit: { fileName: 'junit.xml', render: junit, check: checkJunit },
  oscal: { fileName: oscalFile, render: oscal, check: checkOscal },
  sarif: { fileName: sarifFile, render: sarif, check: checkSarif },
  openreports: { fileName: openReportsFile, render: openReports, check: checkOpenReports },
  sonobuoy: { fileName: sonobuoyFile, render: sonobuoy, check: checkSonobuoy },
};
