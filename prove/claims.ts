import type { Base } from '../fixtures/breaches/breach.ts';
import type { IsolationClass } from '../harness/check.ts';

/** What each base promises, whatever is broken about it: the claim that has to be found wrong. */
export const claims: Record<Base, IsolationClass> = {
  runc: 'shared-kernel',
  gvisor: 'application-kernel',
  microvm: 'guest-kernel',
};
