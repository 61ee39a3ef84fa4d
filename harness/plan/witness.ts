import { randomInt } from 'node:crypto';
import { attemptId, disks, identity, listening, namespaces } from '../attempt.ts';
import type { Attempt } from '../attempt.ts';
import type { CellCheck } from '../check.ts';
import type { Cell } from '../evidence.ts';
import { hex } from './names.ts';
import type { WitnessPod } from './planned.ts';

/** The witness of a node, with all that the checks need to know of that. */
export function witnessPod(
  node: string,
  index: number,
  cells: readonly Cell[],
  checks: readonly CellCheck[],
): WitnessPod {
  const cell = cells.find((one) => one.node === node && one.reference);
  if (!cell) throw new Error(`node ${node} has no reference cell`);
  const truths = new Map<string, Attempt>([
    ['truth.identity', identity()],
    ['truth.namespaces', namespaces('pid1')],
    ['truth.disks', disks()],
    ['truth.listening', listening()],
  ]);
  for (const check of checks) {
    for (const attempt of check.attempts) {
      for (const truth of check.reached.truths(attempt)) truths.set(attemptId(truth), truth);
    }
  }
  const names = ['file', 'process', 'kernel-log', 'socket', 'fifo', 'shared-memory', 'key', 'loopback', 'caller'];
  return {
    kind: 'witness',
    name: `witness-${index}`,
    cell,
    nonce: hex(16),
    truths,
    canaries: Object.fromEntries(names.map((name) => [name, `cofferdam-canary-${hex(16)}`])),
    sharedMemoryKey: randomInt(0x10000000, 0x7fffffff),
    keyDescription: `cofferdam-${hex(8)}`,
  };
}
