import { attemptId, call } from '../attempt.ts';
import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';
import type { Attempted } from './judge.ts';
import { containerOf, referenceContainers } from './lookup.ts';
import { withoutValue } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';

/** What works once the annotation has taken effect, in the pod that has it and in no other. */
export const rawSocket = call('socket_af_packet');

/**
 * A flag of gVisor's that lets raw sockets through (runsc/config/flags.go). It is among those that an annotation may set only
 * where an administrator allowed all of them (`--allow-flag-override`), and what it takes off, it takes off its own pod alone.
 */
export const annotation = { 'dev.gvisor.flag.net-raw': 'true' } as const;

const words = Object.entries(annotation)
  .map(([key, value]) => `${key}: "${value}"`)
  .join(', ');

/** Whoever may create a pod writes its annotations, so they must not loosen the sandbox that holds it. */
export function annotations(cell: Cell, evidence: Evidence): Attempted {
  return {
    what: `loosen the sandbox of a pod by its annotation ${words}`,
    witness: 'not-needed',
    ...(cell.isolationClass === 'application-kernel' ? ofApplicationKernel(cell, evidence) : noFlags),
  };
}

/** The runtimes of other classes do not read this annotation, so that there is nothing to try. */
const noFlags: Omit<Attempted, 'what' | 'witness'> = {
  subject: { kind: 'absent', seen: "the flags are gVisor's", noBoundary: 'no other runtime reads them' },
  control: undefined,
  controlWhere: 'none',
};

function ofApplicationKernel(cell: Cell, evidence: Evidence): Omit<Attempted, 'what' | 'witness'> {
  const fate = evidence.annotated?.[cell.id];
  const plain = containerOf(cell, 'default-root', evidence);
  const privileged = referenceContainers(cell, evidence).find(({ profile }) => profile === 'privileged');
  const control = opened(privileged);
  if (!fate?.started) {
    return {
      subject: fate?.message
        ? { kind: 'denied', errno: 'refused', seen: `it was refused: ${fate.message}` }
        : { kind: 'not-attempted', why: fate?.cause ?? 'the pod was not created' },
      // A pod may be refused for more than its annotation: the same one without it has to run.
      control: plain?.complete ? control : { kind: 'not-attempted', why: plain?.cause ?? 'no pod without it ran' },
      controlWhere:
        'the same pod without the annotation, and the call that it is about, privileged under the reference handler',
    };
  }
  const annotated = evidence.containers.find((one) => one.role === 'annotated' && one.cell === cell.id);
  return {
    subject: effect(opened(annotated), opened(plain)),
    control,
    controlWhere: 'the same call, privileged under the reference handler',
  };
}

/** A flag that took effect shows by what differs from the same pod without it. */
function effect(annotated: Outcome, plain: Outcome): Outcome {
  if (annotated.kind !== 'reached') {
    return 'seen' in annotated
      ? { ...annotated, seen: `the pod started, and nothing changed: ${annotated.seen}` }
      : annotated;
  }
  return plain.kind === 'denied' || plain.kind === 'absent'
    ? { kind: 'reached', seen: 'the pod opened a raw packet socket, which the same pod without it cannot' }
    : { kind: 'undecided', why: 'a pod without it was not seen to be refused a raw packet socket' };
}

function opened(container: ContainerEvidence | undefined): Outcome {
  const id = attemptId(rawSocket);
  const observation = container?.observations.find((one) => one.id === id);
  if (!observation) return { kind: 'not-attempted', why: container?.cause ?? 'the probe did not report it' };
  return withoutValue(observation) ?? { kind: 'reached', seen: 'a raw packet socket was opened' };
}
