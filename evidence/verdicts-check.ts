import { isDeepStrictEqual } from 'node:util';
import { applyDeviations } from '../harness/deviations.ts';
import type { JudgedCheck, Run } from '../harness/evidence.ts';

const keyOf = (one: JudgedCheck): string =>
  `${one.check} ${one.handler} ${one.node}${one.to ? ` to ${one.to.handler} ${one.to.node}` : ''}`;

/** Where the stored verdicts are not those that judging gives, or are accepted by nobody. `exactly`: word by word. */
export function verdictDifferences(run: Run, again: readonly JudgedCheck[], exactly: boolean): string[] {
  const now = run.deviations
    ? applyDeviations(again, run.deviations, run.deviations.at)
    : { verdicts: again, deviations: undefined };
  const surplus = run.verdicts.length - again.length;
  return [
    ...now.verdicts.flatMap((judged, index) => difference(run.verdicts[index], judged, exactly)),
    ...(surplus > 0 ? [`run.json has ${surplus} verdicts more than were planned`] : []),
    ...(isDeepStrictEqual(now.deviations, run.deviations)
      ? []
      : ['what run.json says of its deviations is not what they and the verdicts give']),
  ];
}

function difference(stored: JudgedCheck | undefined, judged: JudgedCheck, exactly: boolean): string[] {
  const key = keyOf(judged);
  if (!stored) return [`${key}: has no verdict, judged again it is ${judged.verdict}`];
  if (keyOf(stored) !== key) return [`${keyOf(stored)} stands where ${key} was planned`];
  if (stored.verdict !== judged.verdict)
    return [`${key}: stored as ${stored.verdict}, judged again it is ${judged.verdict}`];
  if (!isDeepStrictEqual(stored.deviation, judged.deviation))
    return [`${key}: no deviation of the run accepts it as it says`];
  return exactly && !isDeepStrictEqual(stored, judged)
    ? [`${key}: its reason is not the one that the observations give`]
    : [];
}
