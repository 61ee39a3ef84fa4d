import type { PathCheck } from '../check.ts';
import type { Cell } from '../evidence.ts';
import { UsageError } from '../usage.ts';
import { hex, nameOfCell } from './names.ts';
import type { ClientPod, PlannedPath, ServerPod } from './planned.ts';

/**
 * Cells between which paths can be tried. A client has its job in one environment variable, of which the kernel takes 128 KiB
 * (execve(2), MAX_ARG_STRLEN), and the servers of a cell take up to 1.3 KiB of it.
 */
export const mostEnds = 90;

/** The tenants of each cell, and every path from one to another that a check is about. */
export function planPaths(tested: readonly Cell[], checks: readonly PathCheck[], nodes: readonly string[]) {
  const kinds = [...new Set(checks.map((check) => check.server))];
  if (kinds.length > 0 && tested.length > mostEnds)
    throw new UsageError(
      `the paths between tenants on ${tested.length} cells (handlers on nodes) are more than a client can try, which takes ${mostEnds}: ` +
        'test fewer nodes at a time with --nodes, or leave the paths out with --only',
    );
  const servers = kinds.flatMap((server) =>
    tested.map((cell): ServerPod => ({
      kind: 'server',
      name: `server-${nameOfCell(nodes, cell)}-${server}`,
      cell,
      nonce: hex(16),
      server,
    })),
  );
  const clients = kinds.length
    ? tested.map((cell): ClientPod => ({
        kind: 'client',
        name: `client-${nameOfCell(nodes, cell)}`,
        cell,
        nonce: hex(16),
      }))
    : [];
  const wanted = new Set(checks.map((check) => `${check.network} ${check.server}`));
  const paths = clients.flatMap((client) =>
    servers.flatMap((server) =>
      (['tcp', 'udp'] as const)
        .filter((network) => wanted.has(`${network} ${server.server}`))
        .map((network): PlannedPath => ({
          id: `${client.name}>${server.name}:${network}`,
          from: client.cell.id,
          to: server.cell.id,
          network,
          server: server.server,
          client: client.name,
          serverPod: server.name,
        })),
    ),
  );
  return { servers, clients, paths };
}
