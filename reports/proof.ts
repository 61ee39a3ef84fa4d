import type { Run } from '../harness/evidence.ts';
import { listed } from './matrix.ts';
import { safeLine } from './text.ts';

/** Two nodes are of one kind when they agree in both. */
type Kind = Pick<Run['nodes'][number], 'kernel' | 'containerRuntime'>;

const kindOf = ({ kernel, containerRuntime }: Kind): string =>
  `Linux ${safeLine(kernel, 60)}, ${safeLine(containerRuntime, 60)}`;

/**
 * How many planted breaches this version of the suite was seen to catch, and whether on nodes like those of the run.
 * Undefined when the run cites no proof.
 */
export function proofSentence({ proof, nodes }: Run): string | undefined {
  if (!proof) return undefined;
  const { caught, planned, node } = proof;
  const seen = `This version of the suite caught ${caught} of ${planned} planted breaches on a node of ${kindOf(node)}`;
  const others = nodes.filter(
    ({ kernel, containerRuntime }) => kernel !== node.kernel || containerRuntime !== node.containerRuntime,
  );
  if (others.length === 0) return `${seen}, the same kind as in this run.`;
  const also = others.length < nodes.length ? ' also' : '';
  const named = listed(others.map((other) => `${safeLine(other.name, 60)} (${kindOf(other)})`));
  return `${seen}; this run was${also} on another kind of node: ${named}.`;
}
