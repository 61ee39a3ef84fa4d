import type { Cell, ContainerEvidence, Evidence } from '../evidence.ts';

/** The pod under test of a cell, in this profile. */
export const containerOf = (cell: Cell, profile: string, evidence: Evidence): ContainerEvidence | undefined =>
  evidence.containers.find((one) => one.role === 'subject' && one.cell === cell.id && one.profile === profile);

/** The cell of the reference handler on the same node. */
export const referenceOf = (cell: Cell, evidence: Evidence): Cell | undefined =>
  evidence.cells.find((one) => one.reference && one.node === cell.node);

/** The containers under the reference handler on the cell's node. */
export function referenceContainers(cell: Cell, evidence: Evidence): ContainerEvidence[] {
  const reference = referenceOf(cell, evidence);
  return evidence.containers.filter((one) => one.role === 'subject' && one.cell === reference?.id);
}
