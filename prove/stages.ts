import { bases, runtimeClassOf } from '../fixtures/breaches/breach.ts';
import type { Pair } from '../fixtures/breaches/breach.ts';
import type { AttributionCheck, CellCheck, Check, PathCheck } from '../harness/check.ts';
import type { Scope } from '../harness/plan/scope.ts';

/** What is proved with one restored cluster and one run. */
export interface Stage {
  /** `handlers-3`, or the id of the breach that has the cluster to itself; unique, and so is it with `-` for `/`. */
  name: string;
  pairs: readonly Pair[];
  /** It has few pods, and waits for what they do: for paths to close, or for the last of them to end. */
  mostlyWaits: boolean;
}

/**
 * How many broken handlers share a cluster, at most: what is lost when a proof is stopped. Each cluster costs a minute and
 * a half for its controls.
 */
const handlersAtOnce = 48;

/**
 * Broken handlers do not meet, so many share a cluster; a broken cluster is broken for everybody, so each has its own. So
 * has a broken handler whose breach shows in the paths between tenants: all others would wait for their phases.
 */
export function stagesOf(pairs: readonly Pair[], checks: readonly Check[]): Stage[] {
  const withPaths = new Set(pairs.filter((pair) => checksOf(pair, checks).some(isPath)));
  const shares = (pair: Pair) => isHandler(pair) && !withPaths.has(pair);
  const alone = Map.groupBy(
    pairs.filter((pair) => !shares(pair)),
    (pair) => pair.breach.id,
  );
  // Phases of paths are waited for, however few the handlers.
  const length = (stage: Stage) =>
    stage.pairs.length + (stage.pairs.some((pair) => withPaths.has(pair)) ? bases.length : 0);
  return [
    ...chunks(pairs.filter(shares), handlersAtOnce).map((some, index) => ({
      name: `handlers-${index + 1}`,
      pairs: some,
      mostlyWaits: false,
    })),
    // What takes longest first, so that no cluster is left with it at the end.
    ...[...alone]
      .map(([name, ofBreach]) => ({ name, pairs: ofBreach, mostlyWaits: true }))
      .toSorted((one, other) => length(other) - length(one)),
  ];
}

const isHandler = (pair: Pair): boolean => pair.breach.means.on === 'handler';

/** As few chunks as there have to be, all about as long. */
function chunks<T>(all: readonly T[], most: number): T[][] {
  const count = Math.ceil(all.length / most);
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

/** What an ordinary image gets. */
const ordinary = 'default-root';

/**
 * Which checks are made under which pair: those that it has to turn red, and, because something else might turn red too,
 * all that the same containers can tell. Under a broken handler that is at least what an ordinary container tells; a
 * process is executed in it only where that is what is broken, since each is one more start of the runtime.
 */
export function checksOf(pair: Pair, checks: readonly Check[]): Check[] {
  const expected = checks.filter((check) => pair.expected.includes(check.id));
  const needed = [...expected, ...checks.filter((check) => pair.breach.besides?.includes(check.id))];
  const subjects = new Set(needed.flatMap((check) => (check.scope === 'cell' ? [check.subject] : [])));
  const servers = new Set(needed.filter(isPath).map((check) => check.server));
  if (isHandler(pair)) subjects.add(ordinary);
  return checks.filter((check) => {
    switch (check.scope) {
      case 'cell':
        return subjects.has(check.subject) && (!isHandler(pair) || !executes(check) || needed.includes(check));
      case 'path':
        return servers.has(check.server);
      case 'attribution':
        // Whether all checks have a verdict is asked where all are planned.
        if (check.about === 'completeness') return false;
        return expected.includes(check) || (isHandler(pair) && !needsAPod.has(check.about));
    }
  });
}

const executes = (check: CellCheck): boolean => check.attempts.some(({ kind }) => kind === 'executed');

/** Attribution checks that need a pod of their own. */
const needsAPod: ReadonlySet<AttributionCheck['about']> = new Set(['missing-handler', 'annotations']);

/** Whether a breach is one of some containers, and not of others. */
const concernsSome = ({ breach: { means } }: Pair): boolean => means.on === 'handler' && means.editsWhen !== undefined;

/** Whether a check is about a path between tenants. */
export const isPath = (check: Check): check is PathCheck => check.scope === 'path';

type Definite<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

/**
 * The checks of a run of several pairs, which of them apply to which cell, and the controls: the good reference handler's
 * alone, so that a broken one costs a container less.
 */
export function planOf(pairs: readonly Pair[], checks: readonly Check[]): { checks: Check[] } & Definite<Scope> {
  const wanted = new Map(
    pairs.map((pair) => [runtimeClassOf(pair), new Set(checksOf(pair, checks).map((check) => check.id))]),
  );
  const any = new Set([...wanted.values()].flatMap((ids) => [...ids]));
  const inAll = new Set(pairs.filter(concernsSome).map(runtimeClassOf));
  return {
    checks: checks.filter((check) => any.has(check.id)),
    applies: (check, cell) => wanted.get(cell.runtimeClass ?? '')?.has(check.id) ?? false,
    // What a handler does to every container one of them shows.
    everywhere: (cell) => inAll.has(cell.runtimeClass ?? ''),
    ownControls: false,
  };
}
