import type { OracleInput } from '../outcome.ts';

/**
 * Of what was found, that which the same pod under the reference handler does not have: what both have is the doing of the
 * node or the cluster. All of it where there is no such pod, or the subject is that pod; undefined where that pod did not
 * tell.
 */
export function notInTheReference(
  found: readonly string[],
  reference: OracleInput['reference'],
  listOf: (value: Record<string, unknown> | undefined) => readonly string[] | undefined,
): string[] | undefined {
  const there = reference && !reference.itself ? listOf(reference.observation?.value) : [];
  return there && found.filter((one) => !there.includes(one));
}
