import { touches } from '../check.ts';
import type { AttributionCheck, Check } from '../check.ts';
import type { Cell, Planned } from '../evidence.ts';
import { hex, nameOfCell } from './names.ts';
import { planPaths } from './paths.ts';
import type { Plan, PlannedPath } from './planned.ts';
import type { Applies, Scope } from './scope.ts';
import { subjectPods } from './subjects.ts';
import { UniqueSlots } from './tell-tales.ts';
import { witnessPod } from './witness.ts';

/** Turns checks × cells into as few pods as the profiles allow. Pure but for what is random: ids, nonces, canaries, numbers. */
export function makePlan(
  checks: readonly Check[],
  cells: readonly Cell[],
  { applies = () => true, everywhere = () => true, ownControls = true }: Scope = {},
): Plan {
  const runId = newRunId();
  const tested = cells.filter((cell) => cell.tested);
  const cellChecks = checks.filter((check) => check.scope === 'cell');
  const pathChecks = checks.filter((check) => check.scope === 'path');
  const needsCells = checks.some((check) => check.scope !== 'path');
  const nodes = [...new Set(cells.map((cell) => cell.node))];
  const slots = new Map(nodes.map((node) => [node, new UniqueSlots()]));
  const about = (what: AttributionCheck['about']) =>
    checks.some((check) => check.scope === 'attribution' && check.about === what);
  const subjects = needsCells
    ? cells.flatMap((cell) =>
        subjectPods(cell, cellChecks, {
          ...{ nodes, slots, applies, ownControls, unconfined: about('confinement') },
          comparesRawSockets: about('annotations'),
          everywhere: cell.reference ? tested.some(everywhere) : everywhere(cell),
        }),
      )
    : [];
  const { servers, clients, paths } = planPaths(
    tested.filter((cell) => pathChecks.some((check) => applies(check, cell))),
    pathChecks,
    nodes,
  );
  const annotated = tested.filter((cell) =>
    checks.some(
      (check) =>
        check.scope === 'attribution' &&
        check.about === 'annotations' &&
        applies(check, cell) &&
        cell.isolationClass === 'application-kernel',
    ),
  );
  return {
    runId,
    namespace: `cofferdam-${runId}`,
    tenants: { client: `cofferdam-${runId}-tenant-a`, server: `cofferdam-${runId}-tenant-b` },
    canaryDirectory: `/var/lib/cofferdam/${runId}`,
    cells,
    checks,
    roster: makeRoster(checks, tested, paths, applies, everywhere),
    witnesses: needsCells ? nodes.map((node, index) => witnessPod(node, index, cells, cellChecks)) : [],
    subjects,
    servers,
    clients,
    paths,
    missingHandler: about('missing-handler') ? { runtimeClass: `cofferdam-${runId}-missing`, nodes } : undefined,
    annotated: annotated.map((cell) => ({
      name: `annotated-${nameOfCell(nodes, cell)}`,
      cell,
      nonce: hex(16),
    })),
    touch: touches.findLast((touch) => checks.some((check) => check.touch === touch)) ?? 'read',
  };
}

/** Short, and in the alphabet of Kubernetes names. */
const newRunId = (): string => hex(4);

/** The namespaces of the tenants, which are made where one of them has a client. */
export const tenantNamespaces = ({ clients, tenants }: Plan): string[] =>
  clients.length ? [tenants.client, tenants.server] : [];

/** Which verdicts there have to be: every check once a cell, every path check once a path. */
function makeRoster(
  checks: readonly Check[],
  tested: readonly Cell[],
  paths: readonly PlannedPath[],
  applies: Applies,
  everywhere: (cell: Cell) => boolean,
): Planned[] {
  return checks.flatMap((check) =>
    tested.flatMap((cell): Planned[] => {
      if (!applies(check, cell)) return [];
      if (check.scope === 'attribution') return [{ check: check.id, cell: cell.id }];
      if (check.scope === 'cell') {
        const only = check.alsoIn && !everywhere(cell) && { subjects: [check.subject] };
        return [{ check: check.id, cell: cell.id, ...only }];
      }
      return paths
        .filter((path) => path.from === cell.id && path.network === check.network && path.server === check.server)
        .map((path) => ({ check: check.id, cell: cell.id, path: path.id }));
    }),
  );
}
