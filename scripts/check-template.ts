/** Whether a string can be the id of a check: its suite and its name. */
export const isCheckId = (id: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id);

/**
 * A check to be filled in. What its author has to decide is left out rather than filled with something that looks
 * decided, so the compiler names it: there is no default claim, control or expectation.
 */
export function checkTemplate(id: string): string {
  return `import { defineCheck } from '../../harness/check.ts';

export default defineCheck({
  id: '${id}',
  // claim: a sentence that is true when the check is held; the file's name says it.
  // because: why it matters, in a sentence for a reader who did not write it.
  // references: [where the facts come from].
  // requirements: [what a held verdict supports, as 'framework@version#id'].
  // touch: what it does to the node at most: 'read' | 'open' | 'call' | 'canary' | 'load'.
  // subject: the profile under test, from fixtures/profiles.ts.
  // attempt: what the probe tries, such as read('/proc/version'); see harness/attempt.ts.
  // reached: the oracle that says when the boundary was crossed; see harness/oracles.ts.
  // control: where the same attempt must get through: onReference(PROFILE) or weakened(PROFILE).
  expect: {
    // 'shared-kernel': exposed(WHY) | stopped('denied' | 'absent' | 'contained', …) | deniedWith(ERRNO, …) | …
    // 'application-kernel':
    // 'guest-kernel':
  },
});
`;
}
