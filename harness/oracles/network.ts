import type { Attempt, Observation } from '../attempt.ts';
import type { Oracle, Outcome } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { asGiversDo, givenAway } from './services.ts';

/** What servers written in Go (etcd, the API server, the kubelet) answer, with status 400, to whom speaks no TLS. */
const demandsTls = 'Client sent an HTTP request to an HTTPS server';

/** How a connection that stood can end without an answer: closed, or with something that is no record of TLS. */
const isEnding = ({ errno, step }: Observation): boolean =>
  ((errno === 'ECONNRESET' || errno === 'EPIPE') && step !== 'connect') ||
  (errno === 'EPROTO' && step === 'tls record');

/** The service's own answer that it refuses: to whomever it gives that, from wherever, it serves nothing. */
const refuses = (errno: string, seen: string): Outcome => ({
  kind: 'denied',
  errno,
  seen,
  selfEvident: true,
  byTheNode: seen,
});

/**
 * It took the connection and ended it without an answer, as etcd does with plain HTTP where it wants TLS. In a pod that says
 * little, since a packet filter can do the same; where the control saw it, nobody is served there.
 */
const ended = (errno: string): Outcome => {
  const seen = errno === 'EPROTO' ? 'it speaks no TLS' : `the connection ended without an answer (${errno})`;
  return { kind: 'denied', errno, seen, byTheNode: seen };
};

/** Behind whatever refuses it, or answers there, is nothing that could be served. */
const noSuchService = (seen: string): Outcome => ({
  kind: 'absent',
  seen,
  nothingBehind: 'the node has no such service',
});

/** Ports that others use as well are asked for the versions of the API: what answers in another way is somebody else's. */
const isSomebodyElses = (attempt: Attempt, body: string): boolean =>
  'url' in attempt && attempt.url.endsWith('/api') && !/"kind":\s*"(APIVersions|Status)"/.test(body);

/** A service answered a request without credentials, or one of all that listen on the node gives it away so. */
export function servedWithoutCredentials(): Oracle {
  const named = served('without credentials', 'credentials are demanded');
  return {
    ...named,
    crossedWhen: `${named.crossedWhen}; or what listens on the node, at whatever port, answers ${asGiversDo}`,
    decide: (input) => (input.attempt.kind === 'services' ? givenAway(input.observation) : named.decide(input)),
  };
}

/** A service answered a request with the token of a service account, to which nobody granted anything. */
export const servedToAnyAccount = (): Oracle =>
  served("with the token of the pod's service account", 'the token opens nothing there');

/**
 * 401, 403, "speak TLS" and the alert that a certificate is wanted are a service's own refusal; any other answer is
 * service.
 */
const served = (asked: string, refused: string): Oracle => ({
  crossedWhen: `the service answers a request ${asked} with anything but 401, 403, that it wants TLS or a certificate, or that it cannot answer now (429, 5xx); at a port that others use as well, only an answer of an API server counts`,
  needsWitness: false,
  truths: () => [],
  decide({ attempt, observation }) {
    // A refused connection means that nothing listens there, not that somebody was denied.
    if (observation.errno === 'ECONNREFUSED') return noSuchService('nothing listens there');
    if (observation.errno !== undefined && isEnding(observation)) return ended(observation.errno);
    const failed = withoutValue(observation);
    if (failed) return failed;
    const alert = observation.value?.['alert'];
    if (typeof alert === 'string') return refuses(`TLS ${alert}`, `it demands a client's certificate (TLS: ${alert})`);
    const status = Number(observation.value?.['status']);
    const body = String(observation.value?.['body']);
    if (isSomebodyElses(attempt, body)) return noSuchService(`what answers there (${status}) is no API server`);
    if (status === 400 && body.includes(demandsTls)) return refuses('HTTP 400', 'it answers over TLS only');
    // Whom it would have served, it does not say: it is too busy (RFC 6585), or at fault.
    if (status === 429 || status >= 500) return { kind: 'undecided', why: `it answered ${status}` };
    return status === 401 || status === 403
      ? refuses(`HTTP ${status}`, `it answered ${status}: ${refused}`)
      : { kind: 'reached', seen: `it answered ${status}` };
  },
});
