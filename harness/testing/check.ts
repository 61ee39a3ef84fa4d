import type { Attempt } from '../attempt.ts';
import { contained, defineCheck, exposed } from '../check.ts';
import type { CellCheck, Control, Expectation } from '../check.ts';
import { allowed } from '../oracles.ts';
import type { Oracle } from '../outcome.ts';

/** A check of one container, with what a test is about: of gVisor it expects what it is told. */
export const checkOf = (
  control: Control,
  expected: Expectation,
  attempt: Attempt | Attempt[],
  reached: Oracle = allowed(),
): CellCheck =>
  defineCheck({
    id: 'a/b',
    claim: '',
    because: '',
    references: [],
    requirements: [],
    touch: 'call',
    subject: 'restricted',
    attempt,
    reached,
    control,
    expect: { 'shared-kernel': exposed('by design'), 'application-kernel': expected, 'guest-kernel': contained },
  });
