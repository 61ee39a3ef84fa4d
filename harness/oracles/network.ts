import type { Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';

/** What servers written in Go (etcd, the API server, the kubelet) answer, with status 400, to whom speaks no TLS. */
const demandsTls = 'Client sent an HTTP request to an HTTPS server';

/** A service answered a request without credentials. 401, 403 and "speak TLS" are its own refusal; any other answer is service. */
export const servedWithoutCredentials = (): Oracle => ({
  crossedWhen: 'the service answers a request without credentials with anything but 401, 403 or that it wants TLS',
  needsWitness: false,
  truths: () => [],
  decide({ observation }) {
    // A refused connection means that nothing listens there, not that somebody was denied.
    if (observation.errno === 'ECONNREFUSED') return { kind: 'absent', seen: 'nothing listens there' };
    const failed = withoutValue(observation);
    if (failed) return failed;
    const status = Number(observation.value?.['status']);
    if (status === 400 && String(observation.value?.['body']).includes(demandsTls))
      return { kind: 'denied', errno: 'HTTP 400', seen: 'it answers over TLS only', selfEvident: true };
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
