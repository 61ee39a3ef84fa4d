/** Whether a string can be the id of a check: its suite and its name. */
export const isCheckId = (id: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id);

/** The shapes of a check: what it is about. */
export const shapes = ['cell', 'path', 'attribution'] as const;
export type Shape = (typeof shapes)[number];

/** Who defines a check of each shape, and what its author decides beside what every check has. */
const templates: Record<Shape, { define: string; decide: string }> = {
  cell: {
    define: 'defineCheck',
    decide: `
  // subject: the profile under test, from fixtures/profiles.ts.
  // attempt: what the probe tries, such as read('/proc/version'); see harness/attempt.ts.
  // reached: the oracle that says when the boundary was crossed; see harness/oracles.ts.
  // control: where the same attempt must get through: onReference(PROFILE) or weakened(PROFILE).`,
  },
  // The control is built in: the path is open before and after the policy.
  path: {
    define: 'definePathCheck',
    decide: `
  // network: 'tcp' | 'udp'.
  // server: 'plain', or 'flushing' for a privileged one that deletes every packet filter rule it can reach.
  // phase: 'ingress-denied' or 'egress-denied' while a default-deny policy stands, or 'open' before any.`,
  },
  // The harness saw it already: there is nothing to attempt, and each question has its control built in.
  attribution: {
    define: 'defineAttributionCheck',
    decide: `
  // about: 'node-view' | 'pod-view' | 'confinement' | 'holding' | 'missing-handler' | 'annotations' | 'completeness';
  // see harness/judge/attribution.ts.`,
  },
};

/**
 * A check to be filled in. What its author has to decide is left out rather than filled with something that looks
 * decided, so the compiler names it: there is no default claim, control or expectation.
 */
export function checkTemplate(id: string, shape: Shape): string {
  const { define, decide } = templates[shape];
  return `import { ${define} } from '../../harness/check.ts';

export default ${define}({
  id: '${id}',
  // claim: a sentence that is true when the check is held; the file's name says it.
  // because: why it matters, in a sentence for a reader who did not write it.
  // references: [where the facts come from].
  // requirements: [what a held verdict supports, as 'framework@version#id'].
  // touch: what it does to the node at most: 'read' | 'open' | 'call' | 'canary' | 'load'.${decide}
  expect: {
    // 'shared-kernel': exposed(WHY) | stopped('denied' | 'absent' | 'contained', …) | deniedWith(ERRNO, …) | …
    // 'application-kernel':
    // 'guest-kernel':
  },
});
`;
}
