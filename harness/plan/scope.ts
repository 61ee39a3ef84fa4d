import type { Check } from '../check.ts';
import type { Cell } from '../evidence.ts';

/** Whether a check is to be made in a cell. */
export type Applies = (check: Check, cell: Cell) => boolean;

/** What of all that could be done is. */
export interface Scope {
  /** All checks in each cell unless told. */
  applies?: Applies | undefined;
  /** Whether a check is made in all containers that it names, as it is unless told, or in its subject alone. */
  everywhere?: ((cell: Cell) => boolean) | undefined;
  /**
   * Without them no container is there only to be the control of its own handler: the reference handler's is that, as it is
   * wherever the handler's own does not get through.
   */
  ownControls?: boolean | undefined;
}
