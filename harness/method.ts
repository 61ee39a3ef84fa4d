import { profiles } from '../fixtures/profiles.ts';
import { describeAttempt } from './check.ts';
import type { Check, PathPhase } from './check.ts';

/** One step of how a check finds out, for a reader. */
export interface Step {
  label: 'Subject' | 'Attempt' | 'Crossed' | 'Held' | 'Control' | 'Judged';
  text: string;
}

/** The policy that stands in a phase, in words. */
export const policyOf = {
  'ingress-denied': "the default-deny ingress policy of the server's tenant",
  'egress-denied': "the default-deny egress policy of the client's tenant",
} as const satisfies Record<Exclude<PathPhase, 'open'>, string>;

/** How a check finds out: what is tried where, when the boundary counts as crossed, and what has to get through. */
export function describeMethod(check: Check): Step[] {
  switch (check.scope) {
    case 'cell': {
      const { profile, on, attempt } = check.control;
      const where = on === 'reference' ? 'the reference handler' : 'the same handler, else the reference handler';
      return [
        { label: 'Subject', text: `${check.subject} (${profiles[check.subject].summary})` },
        ...check.attempts.map((one): Step => ({ label: 'Attempt', text: describeAttempt(one) })),
        { label: 'Crossed', text: `when ${check.reached.crossedWhen}` },
        {
          label: 'Control',
          text: `${attempt ? describeAttempt(attempt) : 'the same'}, in ${profile} under ${where}, which must get through`,
        },
      ];
    }
    case 'path': {
      const attempt = `one tenant's client sends numbered nonces over ${check.network} to another tenant's ${check.server} server`;
      if (check.phase === 'open') {
        return [
          { label: 'Attempt', text: attempt },
          { label: 'Held', text: 'when a nonce arrives at the server' },
        ];
      }
      return [
        { label: 'Attempt', text: attempt },
        { label: 'Crossed', text: `when a nonce arrives at the server while ${policyOf[check.phase]} stands` },
        {
          label: 'Control',
          text: 'the same path just before the policy, and after it was lifted, on which nonces must arrive',
        },
      ];
    }
    case 'attribution':
      return [
        {
          label: 'Judged',
          text: `from what the harness and the witness saw of every pod of the cell (${check.about})`,
        },
      ];
  }
}
