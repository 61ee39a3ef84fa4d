import { randomInt } from 'node:crypto';
import type { Facts } from '../attempt.ts';
import { UsageError } from '../usage.ts';

/**
 * The first and the last port on which subjects listen, so that the witness can look where: no port of Kubernetes is among
 * them.
 */
export const stackPorts: readonly [number, number] = [22_000, 23_999];

/** A number that no other container of its node has: of I/O slots that it reserves, and of the port on which it listens. */
export const tellTale = (number: number): Facts => ({
  'load.slots': number,
  'stack.port': stackPorts[0] + number - slotRange[0],
});

/** From, and below. */
const slotRange = [2000, 4000] as const;

/**
 * Numbers by which each container is told apart on its node: of asynchronous I/O slots, in the node's counter, and of a
 * port. All lie in one half of a range, so that no sum or difference of two is the number of a third.
 */
export class UniqueSlots {
  #used = new Set<number>();
  /** Throws a UsageError when there is none left. */
  next(): number {
    if (this.#used.size === slotRange[1] - slotRange[0])
      throw new UsageError(
        `a node would have more than ${this.#used.size} containers to test: name fewer RuntimeClasses with --runtime-class`,
      );
    let slots: number;
    do slots = randomInt(...slotRange);
    while (this.#used.has(slots));
    this.#used.add(slots);
    return slots;
  }
}
