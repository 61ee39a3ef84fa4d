import { CommanderError } from 'commander';
import { ClusterError } from '../fixtures/cluster/errors.ts';
import { TargetError, nextStep } from '../harness/targets/errors.ts';
import { UsageError } from '../harness/usage.ts';
import { Interruption } from './interrupt.ts';

/**
 * How a command ends that could not be carried out. Exit codes beside the verdicts': wrong usage, and a run that could not
 * be made.
 */
interface Ending {
  exitCode: 0 | 2 | 3;
  /** What to tell; nothing where it was told already. */
  message?: string;
  /** What to do next. */
  next?: string;
}

/** Tells what the user can do something about from what is a fault of ours. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof UsageError) return { exitCode: 2, message: error.message };
  if (error instanceof TargetError) return { exitCode: 3, message: error.message, next: nextStep(error.failure) };
  if (error instanceof ClusterError) return { exitCode: 3, message: error.message };
  if (error instanceof Interruption) return { exitCode: 3, message: `${error.message}, before there was a result` };
  return {
    exitCode: 3,
    message: (error as Error).stack ?? String(error),
    next: 'That is a fault of cofferdam, or of what it stands on; the lines above say where.',
  };
}
