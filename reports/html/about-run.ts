import type { Run } from '../../harness/evidence.ts';
import { shortcomings } from '../conclusion.ts';
import { supportMeans } from '../../requirements/index.ts';
import { deviationSentence } from '../deviations.ts';
import { safeLine } from '../text.ts';
import { h, sentence } from './markup.ts';
import type { Child, Markup } from './markup.ts';

/** What makes the run as a whole undecided, and what went wrong on the way: before any verdict is believed. */
export function troubles(run: Run): Markup | undefined {
  const short = shortcomings(run).map(({ reason }) => `${sentence(reason)}.`);
  const alike = Map.groupBy(run.troubles, ({ what, cause }) => `${safeLine(what, 400)}: ${safeLine(cause)}`);
  if (short.length + alike.size === 0) return undefined;
  return h(
    'section',
    { class: 'troubles', 'aria-labelledby': 'troubles' },
    h('h2', { id: 'troubles' }, 'What went wrong on the way'),
    h(
      'ul',
      {},
      short.map((reason) => h('li', {}, h('strong', {}, reason))),
      [...alike].map(([text, same]) => h('li', {}, text, same.length > 1 ? ` (${same.length} times)` : '')),
    ),
  );
}

/** Every deviation that the run was given, and what became of it: one that is not needed any more is told too. */
export function deviations({ deviations: given }: Run): Markup | undefined {
  if (!given || given.entries.length === 0) return undefined;
  return h(
    'section',
    { 'aria-labelledby': 'deviations' },
    h('h2', { id: 'deviations' }, 'Deviations'),
    h(
      'p',
      { class: 'lead' },
      `Of ${given.file}. An accepted verdict stays what it is, and does not fail the run; after its last day it does again.`,
    ),
    h(
      'ul',
      { class: 'deviations' },
      given.entries.map((one) =>
        h(
          'li',
          { class: one.state === 'accepted' ? one.verdict : undefined },
          h('p', { class: 'deviation' }, deviationSentence(one)),
        ),
      ),
    ),
  );
}

/** Where the report comes from, so that it can be compared with the evidence and made again. */
export function provenance(run: Run): Markup {
  const requests = Object.values(run.run.requests).reduce((sum, count) => sum + count, 0);
  const facts: [string, Child][] = [
    ['Run', h('code', {}, run.run.id)],
    ['Started', run.run.started],
    ['Finished', run.run.finished],
    ['Interrupted', run.run.interrupted ?? 'no'],
    ['Slowness', `${run.run.slowness.toFixed(1)} times as long as on an ordinary cluster; deadlines grew with it`],
    ['Options', h('code', {}, JSON.stringify(run.run.options))],
    ['Requests to the API server', requests],
    ['Cluster', h('code', {}, run.cluster.uid ?? 'unknown')],
    [
      'Probe',
      h(
        'span',
        {},
        run.probe.image,
        h('br', {}),
        run.probe.digests.map((one) => [h('code', {}, one), ' ']),
      ),
    ],
    ['Checks', h('span', {}, `${run.catalogue.checks}, `, h('code', {}, `sha256:${run.catalogue.sha256}`))],
    [
      'Deviations',
      run.deviations
        ? h(
            'span',
            {},
            `${run.deviations.file}, `,
            h('code', {}, `sha256:${run.deviations.sha256}`),
            `, as of ${run.deviations.at}`,
          )
        : 'none given',
    ],
    ...proof(run),
    ['Cofferdam', `${run.suite.version}, meaning ${run.meaning}, run.json schema ${run.schema}`],
  ];
  return h(
    'section',
    { 'aria-labelledby': 'provenance' },
    h('h2', { id: 'provenance' }, 'The run'),
    h(
      'dl',
      { class: 'about' },
      facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
  );
}

/** The file that the run cites, so that a reader can tell whether they have the same one. */
const proof = ({ proof: cited }: Run): [string, Child][] =>
  cited
    ? [['Proof', h('span', {}, 'prove.json, ', h('code', {}, `sha256:${cited.sha256}`), `, of ${cited.finished}`)]]
    : [];

/** What a reader who knows nothing of Cofferdam must know to read the rest. */
export const reading = (): Markup =>
  h(
    'section',
    { 'aria-labelledby': 'reading' },
    h('h2', { id: 'reading' }, 'How to read this'),
    h(
      'dl',
      { class: 'about' },
      terms.map(([term, meaning]) => h('div', {}, h('dt', {}, term), h('dd', {}, meaning))),
    ),
  );

const terms: readonly [string, string][] = [
  [
    'Held',
    'The boundary stopped the attempt, and the control shows that the attempt works: on the same node, in the same run, it got through where it must.',
  ],
  ['Breached', 'The attempt reached the node or another tenant where it must not.'],
  [
    'Exposed',
    'The class of the handler does not claim this boundary, and the run showed so. A shared kernel is shared by design. It is never counted as a pass; it is what the other handlers are measured against.',
  ],
  [
    'Inconclusive',
    'What was seen does not decide it. That is not conformance: a check is never held because nothing happened.',
  ],
  [
    'Accepted',
    'Somebody accepts a breached or inconclusive verdict until a day. It stays what it is and is counted as such; only the run does not fail for it.',
  ],
  ['Not applicable', 'There is nothing to try, with the fact that makes it so.'],
  [
    'Supports',
    `What standards ask for, in our words, and how far a held verdict goes: ${Object.entries(supportMeans)
      .map(([support, means]) => `${support}: ${means}`)
      .join('; ')}.`,
  ],
  [
    'What this does not prove',
    'That there is no vulnerability: no exploit is tried. Anything about other nodes, other handlers, or after an upgrade. That a requirement is fulfilled: a held verdict supports it.',
  ],
];
