import { changes } from '../evidence/comparison.ts';
import type { Change, ComparedCheck, Comparison, FailOn } from '../evidence/comparison.ts';
import { changeTitles, comparisonSentence, placeOf, runOf, verdictsOf } from './comparison.ts';
import { htmlDocument, plainCss } from './html/document.ts';
import { h } from './html/markup.ts';
import type { Markup } from './html/markup.ts';
import { safeLine } from './text.ts';

const css = plainCss(`summary { cursor: pointer; padding: .25rem 0; } details { border-bottom: 1px solid #8884; }
code { font: .85rem/1.4 ui-monospace, monospace; white-space: pre-wrap; }
@media print { details::details-content { content-visibility: visible; display: block; block-size: auto; } }
`);

/** A comparison as one page that needs nothing else: no script, no request, readable on paper. */
export function comparisonHtml(comparison: Comparison, failOn: FailOn | undefined): string {
  const { before, after, surroundings } = comparison;
  const runs = `${safeLine(before.run, 40)} against ${safeLine(after.run, 40)}`;
  return htmlDocument({
    title: `Cofferdam: ${runs}`,
    css,
    body: h(
      'main',
      {},
      h('h1', {}, 'Comparison of two runs'),
      h('p', {}, `Old: ${runOf(before)}`, h('br', {}), `New: ${runOf(after)}`),
      h('p', { class: 'result' }, comparisonSentence(comparison, failOn)),
      surroundings.length > 0
        ? table('What was tested differs in', ['', 'old', 'new'], surroundings.map(columns))
        : h('p', {}, 'What was tested has the same versions.'),
      changes.map((change) => section(change, comparison)),
    ),
  });
}

function section(change: Change, comparison: Comparison): (Markup | undefined)[] {
  const checks = comparison.checks.filter((one) => one.change === change);
  if (checks.length === 0) return [];
  const entries = checks.map(entry);
  return [
    h('h2', {}, `${changeTitles[change]} (${checks.length})`),
    // The many of which there is nothing to tell.
    ...(change === 'unchanged' ? [h('details', {}, h('summary', {}, 'Show them'), entries)] : entries),
  ];
}

function entry(compared: ComparedCheck): Markup {
  const { check, because, differences, before, after, change } = compared;
  const title = `${check} (${placeOf(compared)}): ${verdictsOf(compared)}`;
  if (change === 'unchanged') return h('div', {}, title);
  const facts = [
    ['old', before ? `${before.verdict}: ${before.reason}` : 'not there'],
    ['new', after ? `${after.verdict}: ${after.reason}` : 'not there'],
    ...(because === undefined ? [] : [['incomparable', because]]),
  ];
  const open = change === 'regressed' || change === 'gone' || change === 'incomparable';
  return h(
    'details',
    { ...(open && { open }) },
    h('summary', {}, title),
    table('Verdicts', [], facts),
    differences.length > 0 ? table('What differs', ['', 'old', 'new'], differences.map(columns)) : undefined,
  );
}

const columns = ({ what, before, after }: { what: string; before: string; after: string }): string[] => [
  what,
  before,
  after,
];

/** The first cell of a row names it. */
function table(caption: string, headings: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return h(
    'table',
    {},
    h('caption', {}, caption),
    headings.length > 0
      ? h(
          'thead',
          {},
          h(
            'tr',
            {},
            headings.map((heading) => h('th', { scope: 'col' }, heading)),
          ),
        )
      : undefined,
    h(
      'tbody',
      {},
      rows.map(([first, ...rest]) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, first),
          rest.map((cell) => h('td', {}, h('code', {}, cell))),
        ),
      ),
    ),
  );
}
