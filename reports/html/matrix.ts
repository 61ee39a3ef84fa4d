import { suiteOf } from '../../harness/check.ts';
import type { Run } from '../../harness/evidence.ts';
import type { Verdict } from '../../harness/judge/judge.ts';
import { groups } from '../groups.ts';
import { caseName } from '../identity.ts';
import { columnsOf, listed, nameOf, nodesLabel, order } from '../matrix.ts';
import type { Column } from '../matrix.ts';
import { badge, mark, verdictWords } from './marks.ts';
import { h } from './markup.ts';
import type { Markup } from './markup.ts';

/** Where a check's own part of the page begins. */
export const anchor = (check: string): string => `check/${caseName(check)}`;

/** For the filter: which verdicts are in this part of the page. */
export const verdictClasses = (verdicts: Iterable<Verdict>): string =>
  [...new Set(verdicts)].map((verdict) => `has-${verdict}`).join(' ');

/** Checks × handlers and nodes, with the filter over it. */
export function matrix(run: Run): Markup | undefined {
  if (run.verdicts.length === 0) return undefined;
  const columns = columnsOf(run);
  const folders = groups(new Set(run.verdicts.map((one) => one.check)), suiteOf);
  return h(
    'section',
    { 'aria-labelledby': 'matrix' },
    h('h2', { id: 'matrix' }, 'Every check'),
    filter(run),
    h(
      'div',
      { class: 'scroll', role: 'region', 'aria-label': 'Verdicts by check and handler', tabindex: 0 },
      h(
        'table',
        { class: 'matrix' },
        h('caption', { class: 'spoken' }, 'Verdicts by check, handler and node'),
        head(columns),
        folders.map((checks) => folder(checks, columns)),
      ),
    ),
    sharedNodes(columns),
  );
}

/** Radio buttons and a style sheet: it works without any script, and where it does not, everything is shown. */
function filter(run: Run): Markup {
  const present = order.filter((verdict) => run.verdicts.some((one) => one.verdict === verdict));
  const choice = (value: string, checked: boolean, ...label: (Markup | string)[]) =>
    h(
      'label',
      {},
      h('input', {
        type: 'radio',
        name: 'show',
        id: `show-${value}`,
        autocomplete: 'off',
        ...(checked && { checked }),
      }),
      h('span', {}, label),
    );
  return h(
    'fieldset',
    { class: 'filter' },
    h('legend', {}, 'Show'),
    choice('all', true, 'all'),
    present.map((verdict) => choice(verdict, false, mark(verdict), verdictWords[verdict])),
  );
}

function head(columns: readonly Column[]): Markup {
  const byNodes = [...Map.groupBy(columns, (column) => column.nodes)];
  const handlers = columns.map(({ handler }) => h('th', { scope: 'col', class: 'handler' }, handler));
  if (byNodes.length <= 1) return h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Check'), handlers));
  return h(
    'thead',
    {},
    h(
      'tr',
      {},
      h('th', { scope: 'col', rowspan: 2 }, 'Check'),
      byNodes.map(([nodes, same]) => h('th', { scope: 'colgroup', colspan: same.length }, nodesLabel(nodes))),
    ),
    h('tr', {}, handlers),
  );
}

function folder(checks: readonly [string, ...string[]], columns: readonly Column[]): Markup {
  const of = (check: string) => columns.flatMap(({ verdicts }) => verdicts.get(check)?.verdict ?? []);
  return h(
    'tbody',
    { class: verdictClasses(checks.flatMap(of)) },
    h('tr', {}, h('th', { scope: 'rowgroup', colspan: columns.length + 1, class: 'folder' }, suiteOf(checks[0]))),
    checks.map((check) =>
      h(
        'tr',
        { class: verdictClasses(of(check)) },
        h('th', { scope: 'row' }, h('a', { href: `#${anchor(check)}` }, nameOf(check))),
        columns.map(({ verdicts }) => {
          const told = verdicts.get(check);
          return h('td', {}, told ? badge(told) : h('span', { class: 'quiet' }, 'no verdict'));
        }),
      ),
    ),
  );
}

function sharedNodes(columns: readonly Column[]): Markup[] {
  const shared = [...new Set(columns.map((column) => column.nodes))].filter((nodes) => nodes.length > 1);
  return shared.map((nodes) =>
    h('p', { class: 'quiet' }, `${nodesLabel(nodes)}: the same verdicts on ${listed(nodes, 20)}.`),
  );
}
