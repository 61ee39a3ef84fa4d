import { createHash, randomBytes } from 'node:crypto';
import type { Cell } from '../evidence.ts';

/** As many random bytes, in hexadecimal: in the alphabet of Kubernetes names, and not to be guessed. */
export const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** A cell in the names of its pods. The node stands there by its number: its own name might be too long. */
export const nameOfCell = (nodes: readonly string[], cell: Cell): string =>
  `n${nodes.indexOf(cell.node)}-${slug(cell)}`;

/**
 * A cell's handler, and whether its pods ask for user namespaces, in the alphabet of pod names; told apart by a digest
 * where that loses something.
 */
function slug(cell: Cell): string {
  const suffix = cell.userNamespaces ? '-userns' : '';
  return `${slugOfHandler(cell)}${suffix}`;
}

function slugOfHandler(cell: Cell): string {
  const name = cell.handler
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 20);
  return name === cell.handler
    ? name
    : `${name || 'x'}-${createHash('sha256').update(cell.id).digest('hex').slice(0, 6)}`;
}
