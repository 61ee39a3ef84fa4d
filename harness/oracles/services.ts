import type { Observation } from '../attempt.ts';
import type { Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';

/**
 * What gives away a node, or its cluster, to whoever may ask it: who that is, the question, and the answer by which it is
 * known.
 */
interface Giver {
  who: string;
  ask: string;
  answer: RegExp;
}

/**
 * An API server with everything in it is known by what may be listed: its versions, and that it is well, it tells
 * everybody.
 */
const givers: readonly Giver[] = [
  { who: 'a kubelet', ask: 'GET /pods', answer: /"kind":\s*"PodList"/ },
  { who: 'Docker or Podman', ask: 'GET /version', answer: /"Platform":\s*\{/ },
  { who: 'etcd', ask: 'GET /version', answer: /"etcdserver":/ },
  { who: 'an API server', ask: 'GET /api/v1/namespaces?limit=1', answer: /"kind":\s*"NamespaceList"/ },
  // The name is that of os-release(5), which every node has at its root.
  { who: 'a server of whole file systems', ask: 'GET /etc/os-release', answer: /^(PRETTY_)?NAME=/m },
  // A reply to a call is one that was not refused. containerd, CRI-O and cri-dockerd all have this version of the kubelet's
  // API in it.
  { who: 'a container engine', ask: 'CALL /runtime.v1.RuntimeService/Version', answer: /0\.1\.0/ },
  // The witness's own on the node's loopback, by which the control shows that a service would have been found.
  { who: "a service on the node's loopback", ask: 'GET /pods', answer: /cofferdam-canary-/ },
];

/** All that a service is asked; none of it changes anything. */
export const asksOfServices: readonly string[] = [...new Set(givers.map(({ ask }) => ask))];

interface Answer {
  at: string;
  over: string;
  asked: string;
  status: number | undefined;
  body: string;
}

function answersIn(value: Record<string, unknown> | undefined): Answer[] | undefined {
  const answers = value?.['answers'];
  if (!Array.isArray(answers)) return undefined;
  return answers.map((one: Record<string, unknown> | null) => ({
    at: String(one?.['at']),
    over: String(one?.['over']),
    asked: String(one?.['asked']),
    status: one?.['status'] === undefined ? undefined : Number(one['status']),
    body: typeof one?.['body'] === 'string' ? one['body'] : '',
  }));
}

/** What says that it is none of these, or asks for credentials, gives nothing. */
const gives = ({ ask, answer }: Giver, { asked, status, body }: Answer): boolean =>
  asked === ask && (status === undefined || status === 200) && answer.test(body);

/** For `explain`, after "what listens on the node, at whatever port, answers ". */
export const asGiversDo = `as ${givers
  .slice(0, -1)
  .map(({ who }) => who)
  .join(', ')} does to whom it trusts`;

/**
 * What the services that listen on the node answered, at whatever port: one that gives the node away, and asks for no
 * credentials?
 */
export function givenAway(observation: Observation): Outcome {
  const failed = withoutValue(observation);
  if (failed) return failed;
  const answers = answersIn(observation.value);
  if (!answers) return { kind: 'undecided', why: 'what the services answered is not known' };
  for (const answer of answers) {
    const giver = givers.find((one) => gives(one, answer));
    if (giver)
      return { kind: 'reached', seen: `${giver.who} answers at ${answer.at} over ${answer.over} (${answer.asked})` };
  }
  if (isCut(observation.value))
    return { kind: 'undecided', why: 'there are more answers than a line of the probe can hold' };
  const asked = Number(observation.value?.['asked']);
  return asked > 0
    ? { kind: 'absent', seen: `of ${asked} that listen there none gave anything away` }
    : { kind: 'undecided', why: 'no service was asked' };
}
