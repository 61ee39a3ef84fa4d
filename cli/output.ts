import { writeSync } from 'node:fs';
import { safeText } from '../reports/text.ts';

/** Results go to standard output, everything for the person waiting to standard error. */
export const print = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/** Whether to colour: on a terminal, unless NO_COLOR says otherwise. */
export const wantsColor = (): boolean => process.stdout.isTTY && !process.env['NO_COLOR'];

/** Columns of the terminal; a width that logs and mails keep elsewhere. */
export const terminalWidth = (): number => Math.min(process.stdout.columns || 120, 160);

/**
 * Goes on when nobody reads any longer, as in `cofferdam run 2>&1 | head`: a run that ended there would leave its pods behind,
 * and no evidence.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/**
 * What went wrong and what to do next, on standard error. A message may quote a file that somebody else wrote.
 * Synchronous: the process may be about to leave.
 */
export function complain(message: string, next?: string): void {
  try {
    writeSync(2, `cofferdam: ${safeText(message)}\n${next ? `  ${next}\n` : ''}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
