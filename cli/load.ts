import type { Run } from '../harness/evidence.ts';
import { readRun } from '../harness/store.ts';
import { UsageError } from '../harness/usage.ts';

/** The stored run that a user named. One that cannot be read is wrong usage. */
export function loadRun(directory: string): Run {
  try {
    return readRun(directory);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
