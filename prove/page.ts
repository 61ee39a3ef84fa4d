import { h, styleSheet } from '../reports/html/markup.ts';
import type { Markup } from '../reports/html/markup.ts';
import { policyFor } from '../reports/html/policy.ts';
import { conclusionOf } from './describe.ts';
import { isCaught } from './outcome.ts';
import type { PairOutcome, ProveRecord, Seen } from './record.ts';

const css = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; opacity: .75; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.1rem; }
.result { font-weight: 600; }
`;

/** The record as one page for people: no script, no request, readable on paper. */
export function provePage(record: ProveRecord): string {
  const { outcomes, withoutBreach, suite, meaning, started, finished } = record;
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      {},
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policyFor(css) }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', {}, 'Cofferdam: planted breaches'),
      // Without one a browser asks the server for it.
      h('link', { rel: 'icon', href: 'data:,' }),
      styleSheet(css),
    ),
    h(
      'body',
      {},
      h(
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
    ),
  );
  return `<!DOCTYPE html>\n${page.toString()}\n`;
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
