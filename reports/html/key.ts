import type { JudgedCheck } from '../../harness/evidence.ts';
import { safeLine } from '../text.ts';

/** Stands in the page beside a verdict, so that the page can be read back and compared with the run. */
export const verdictKey = ({ check, handler, node, to, verdict }: JudgedCheck): string =>
  safeLine(JSON.stringify([check, handler, node, to?.handler ?? null, to?.node ?? null, verdict]));
