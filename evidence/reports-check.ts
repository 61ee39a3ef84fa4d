import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../harness/evidence.ts';
import { readRegular } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';
import { detailsAtHand, formats } from '../reports/index.ts';
import type { Details, Format } from '../reports/index.ts';
import { sameWords } from './same-words.ts';
import { answer } from './verification.ts';
import type { Answer } from './verification.ts';

/** By what the two flavours of JUnit name who wrote them. */
const ours = /<testsuites\b[^>]*\sname="cofferdam"|<testsuite\b[^>]*\spackage="cofferdam"/;

/**
 * Whether every report that is there says what run.json says and, where this version and its catalogue made the run, is
 * made of it to the byte: what a report tells of the catalogue is in no run.json. Throws a UsageError on another program's.
 */
export async function reportsAnswer(directory: string, run: Run): Promise<Answer> {
  const present = Object.values(formats).filter(({ fileName }) => existsSync(join(directory, fileName)));
  if (present.length === 0) return { about: 'reports', outcome: 'agrees', sentence: 'there are none', details: [] };
  const details = (await sameWords(run)) ? await detailsAtHand() : undefined;
  const differing = present.flatMap((format) => difference(format, join(directory, format.fileName), run, details));
  const agreement = details ? 'to the byte what comes of run.json' : 'what run.json says';
  return answer('reports', `${present.map((one) => one.fileName).join(', ')}: ${agreement}`, differing);
}

function difference({ fileName, check, render }: Format, file: string, run: Run, details?: Details): string[] {
  let written: string;
  try {
    written = readRegular(file).toString('utf8');
  } catch (error) {
    return [(error as Error).message];
  }
  if (fileName.endsWith('.xml') && !ours.test(written)) {
    throw new UsageError(`${file} is no report of cofferdam: no <testsuites> or <testsuite> in it says so`);
  }
  try {
    check(written, run);
  } catch (error) {
    return [(error as Error).message];
  }
  return details && written !== render(run, details)
    ? [`${fileName} says what run.json says, and tells something else of the checks than this version of cofferdam`]
    : [];
}
