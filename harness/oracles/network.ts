import type { Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';

/** A service answered a request without credentials. 401 and 403 are its own refusal; any other answer is service. */
export const servedWithoutCredentials = (): Oracle => ({
  crossedWhen: 'the service answers a request without credentials with anything but 401 or 403',
  needsWitness: false,
  truths: () => [],
  decide({ observation }) {
    // A refused connection means that nothing listens there, not that somebody was denied.
    if (observation.errno === 'ECONNREFUSED') return { kind: 'absent', seen: 'nothing listens there' };
    const failed = withoutValue(observation);
    if (failed) return failed;
    const status = Number(observation.value?.['status']);
    return status === 401 || status === 403
      ? {
          kind: 'denied',
          errno: `HTTP ${status}`,
          seen: `it answered ${status}: credentials are demanded`,
          selfEvident: true,
        }
      : { kind: 'reached', seen: `it answered ${status}` };
  },
});
