import { htmlDocument, plainCss } from '../reports/html/document.ts';
import { h } from '../reports/html/markup.ts';
import type { Markup } from '../reports/html/markup.ts';
import { conclusionOf } from './describe.ts';
import { isCaught } from './outcome.ts';
import type { PairOutcome, ProveRecord, Seen } from './record.ts';

/** The record as one page for people: no script, no request, readable on paper. */
export function provePage(record: ProveRecord): string {
  const { outcomes, withoutBreach, suite, meaning, started, finished } = record;
  return htmlDocument({
    title: 'Cofferdam: planted breaches',
    css: plainCss('ul { margin: 0; padding-left: 1.1rem; }\n'),
    body: h(
      'main',
      {},
      h('h1', {}, 'Would it have been noticed?'),
      h('p', { class: 'result' }, conclusionOf(record)),
      h(
        'p',
        {},
        `Cofferdam ${suite.version} (meaning ${meaning}), ${started} to ${finished ?? 'not finished'}. Each breach was planted on a disposable cluster from its pristine snapshot. It is caught when the checks that it has to turn red are breached, and no other is.`,
      ),
      table('Not as it should be', outcomes.filter((outcome) => !isCaught(outcome)).map(row)),
      table('Caught', outcomes.filter(isCaught).map(row)),
      h('h2', {}, 'Checks that no breach turns red'),
      h(
        'ul',
        {},
        Object.entries(withoutBreach).map(([check, why]) => h('li', {}, `${check}: ${why}`)),
      ),
    ),
  });
}

function row(outcome: PairOutcome): Markup {
  const { pair, breaks, notPlanted, run, caught, missed, alsoRed, undecided } = outcome;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, pair, h('br', {}), run && h('a', { href: `${run}/report.html` }, 'its run')),
    h('td', {}, breaks),
    h(
      'td',
      {},
      notPlanted && `not planted: ${notPlanted}`,
      list('caught by', caught),
      list('missed', missed),
      list('also red', alsoRed),
      list('could not be decided', undecided),
    ),
  );
}

const list = (what: string, all: readonly Seen[]): Markup | undefined =>
  all.length
    ? h(
        'div',
        {},
        what,
        h(
          'ul',
          {},
          all.map(({ check, reason }) => h('li', {}, `${check}: ${reason}`)),
        ),
      )
    : undefined;

const table = (caption: string, rows: readonly Markup[]): Markup[] =>
  rows.length
    ? [
        h('h2', {}, `${caption} (${rows.length})`),
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['breach and handler', 'what is broken', 'what was seen'].map((name) => h('th', { scope: 'col' }, name)),
            ),
          ),
          h('tbody', {}, rows),
        ),
      ]
    : [];
