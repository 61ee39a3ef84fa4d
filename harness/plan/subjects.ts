import { profiles } from '../../fixtures/profiles.ts';
import type { PodShape } from '../../fixtures/profiles.ts';
import { attemptId, credentials, identity, namespaces } from '../attempt.ts';
import type { Attempt } from '../attempt.ts';
import { controlAttempts, subjectsOf } from '../check.ts';
import type { CellCheck, ProfileName } from '../check.ts';
import type { Cell } from '../evidence.ts';
import { rawSocket } from '../judge/annotations.ts';
import { markOf } from '../judge/kernel.ts';
import { hex, nameOfCell } from './names.ts';
import type { Applies } from './scope.ts';
import type { PlannedContainer, SubjectPod } from './planned.ts';
import { UniqueSlots, tellTale } from './tell-tales.ts';

/** Every subject makes these, whatever the checks: they prove which kernel answered. */
const always: readonly Attempt[] = [identity(), namespaces(), credentials()];

/** What the run decides for a cell. */
interface ForTheCell {
  nodes: readonly string[];
  /** Of each node. */
  slots: ReadonlyMap<string, UniqueSlots>;
  applies: Applies;
  ownControls: boolean;
  /** Of this cell, or of one of which it is the reference. */
  everywhere: boolean;
  /** A check needs an unconfined process as its control. */
  unconfined: boolean;
  /** A check needs to know which ordinary container may open a raw socket, and that a privileged one may. */
  comparesRawSockets: boolean;
}

/** The pods in which a cell makes its attempts, and those of its controls. */
export function subjectPods(
  cell: Cell,
  checks: readonly CellCheck[],
  { nodes, slots, applies, ownControls, everywhere, unconfined, comparesRawSockets }: ForTheCell,
): SubjectPod[] {
  const wanted = new Map<ProfileName, Map<string, Attempt>>();
  const want = (profile: ProfileName, attempts: readonly Attempt[]) => {
    const known = wanted.get(profile) ?? new Map<string, Attempt>();
    for (const attempt of attempts) known.set(attemptId(attempt), attempt);
    wanted.set(profile, known);
  };
  if (cell.reference && unconfined) want('privileged', []);
  if (comparesRawSockets) want('default-root', [rawSocket]);
  if (cell.reference && comparesRawSockets) want('privileged', [rawSocket]);
  for (const check of checks) {
    const made = cell.tested && applies(check, cell);
    if (made || (cell.reference && check.reached.comparesWithReference)) {
      for (const profile of everywhere ? subjectsOf(check) : [check.subject]) want(profile, check.attempts);
    }
    const { profile, on } = check.control;
    const controls = controlAttempts(check);
    const own = ownControls && on === 'weakened' && made && !profiles[profile].referenceOnly;
    if (cell.reference || own) want(profile, controls);
  }
  // The attribution checks need a pod of every cell, whatever else is asked for.
  if (wanted.size === 0) want('default-root', []);
  const ofNode = slots.get(cell.node) ?? new UniqueSlots();
  const byShape = Map.groupBy(
    [...wanted.keys()].toSorted((one, other) => turnOf(one) - turnOf(other)),
    (profile) => profiles[profile].pod,
  );
  return [...byShape].map(([shape, names]) => {
    const name = `${nameOfCell(nodes, cell)}-${shape}`;
    return {
      kind: 'subject',
      name,
      cell,
      shape,
      containers: names.map((profile): PlannedContainer => {
        const nonce = hex(16);
        const attempts = new Map(always.map((attempt) => [attemptId(attempt), attempt]));
        for (const [id, attempt] of wanted.get(profile) ?? []) attempts.set(id, attempt);
        return {
          name: profile,
          profile,
          nonce,
          attempts: [...attempts.values()],
          facts: { nonce, mark: markOf(nonce), 'pod.name': name, ...tellTale(ofNode.next()) },
        };
      }),
    };
  });
}

/**
 * The pods of a cell in the order of their start: a run is not to end with one that mostly waits, while nothing else is
 * left to do.
 */
const turns: Readonly<Record<PodShape, number>> = { 'host-namespaces': 0, workload: 1, 'host-path': 2 };
const turnOf = (profile: ProfileName): number => turns[profiles[profile].pod];
