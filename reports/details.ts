import { attemptId, controlAttempts, describeAttempt, subjectsOf } from '../harness/check.ts';
import type { Check } from '../harness/check.ts';
import { describeMethod } from '../harness/method.ts';
import type { Step } from '../harness/method.ts';

/** What a report may say of a check beside its verdicts. A `Check` will do; `describeChecks` tells more. */
export interface Detail {
  claim: string;
  because: string;
  /** As `framework@version#id`. */
  requirements: readonly string[];
  references?: readonly string[];
  /** How the check finds out, step by step. */
  method?: readonly Step[];
  /** Where its observations are in run.json. */
  sources?: Sources;
  /** The file that holds the check, below Cofferdam's own folder, and the line of it that states the claim. */
  file?: string;
  line?: number;
}

/** Which observations of a run a check of a cell stands on. */
export interface Sources {
  /** Profiles of the subject's containers. */
  subjects: readonly string[];
  /** Profile of the control's, and whether it may run under the same handler. */
  control: string;
  weakened: boolean;
  attempts: readonly Source[];
}

/** One attempt, with the ids of what was observed of it. */
export interface Source {
  what: string;
  subject: string;
  control: string;
  /** The witness's, from the node's side: the first that it made. */
  witness: readonly string[];
}

/** What reports know of the checks, by id. */
export type Details = ReadonlyMap<string, Detail>;

/** All that reports can say of these checks. `lines` has the line of each check's file that states the claim. */
export const describeChecks = (
  checks: ReadonlyMap<string, Check>,
  lines: ReadonlyMap<string, number> = new Map(),
): Details =>
  new Map(
    [...checks].map(([id, check]): [string, Detail] => {
      const { claim, because, requirements, references } = check;
      const line = lines.get(id);
      const sources = sourcesOf(check);
      return [
        id,
        {
          ...{ claim, because, requirements, references },
          method: describeMethod(check),
          ...(sources && { sources }),
          file: `suites/${id}.ts`,
          ...(line !== undefined && { line }),
        },
      ];
    }),
  );

/** Of paths and of attribution the verdict's own words say all: what they stand on is spread over the whole run. */
function sourcesOf(check: Check): Sources | undefined {
  if (check.scope !== 'cell') return undefined;
  const { control, attempts } = check;
  const twins = controlAttempts(check);
  return {
    subjects: subjectsOf(check),
    control: control.profile,
    weakened: control.on === 'weakened',
    attempts: attempts.map((attempt, index): Source => {
      const id = attemptId(attempt);
      const canary = 'canary' in attempt ? [`canary.${attempt.canary}`] : [];
      return {
        what: describeAttempt(attempt),
        subject: id,
        control: attemptId(twins[index] ?? attempt),
        // The witness makes some attempts as they are, and tells its own truth about others.
        witness: [id, ...canary, `truth.${attempt.kind}`],
      };
    }),
  };
}
