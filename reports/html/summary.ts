import { suiteOf } from '../../harness/check.ts';
import type { Cell, Run } from '../../harness/evidence.ts';
import type { Verdict } from '../../harness/judge/judge.ts';
import { duration } from '../../harness/progress.ts';
import { conclude, countVerdicts, many } from '../conclusion.ts';
import { acceptance } from '../deviations.ts';
import type { Details } from '../details.ts';
import { groups } from '../groups.ts';
import { columnsOf, listed, meanings, nameOf, nodesLabel, order } from '../matrix.ts';
import type { Column } from '../matrix.ts';
import { proofSentence } from '../proof.ts';
import { safeText } from '../text.ts';
import { badge, mark, toldWords, verdictWords } from './marks.ts';
import { h, sentence } from './markup.ts';
import type { Child, Markup } from './markup.ts';
import { anchor } from './matrix.ts';

/** More would bury the contrast. */
const mostAttention = 8;

/** The first screen: what was tested, what came of it, and how the runtimes differ. */
export const summary = (run: Run, details: Details): (Markup | undefined)[] => [
  verdict(run),
  attention(run, details),
  contrast(run),
  tested(run),
];

/** To the minute; the seconds are in the facts of the run. */
export const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

function verdict(run: Run): Markup {
  const { verdict: concluded, title, because, exitCode } = conclude(run);
  const counts = countVerdicts(run);
  // Of a run without any boundary that held, or with a verdict that is only accepted, green would say too much.
  const short = counts.held === 0 || run.verdicts.some((one) => one.deviation);
  const shown: Verdict = concluded === 'held' && short ? 'exposed' : concluded;
  const took = duration(Date.parse(run.run.finished) - Date.parse(run.run.started));
  const handlers = [...new Set(run.cells.filter((cell) => cell.tested).map((cell) => cell.handler))];
  const facts = [
    `${listed(handlers) || 'no handler'} on ${run.nodes.length === 1 ? (run.nodes[0]?.name ?? '') : many(run.nodes.length, 'node')}`,
    `Kubernetes ${run.cluster.version ?? 'of unknown version'}`,
    many(run.catalogue.checks, 'check'),
    `${moment(run.run.started)}, in ${took}`,
  ];
  return h(
    'section',
    { class: `verdict ${shown}`, 'aria-labelledby': 'verdict' },
    h(
      'p',
      { class: 'facts' },
      facts.map((fact) => h('span', {}, fact)),
    ),
    h('h1', { id: 'verdict', 'data-verdict': concluded }, mark(shown), title),
    h('p', { class: 'because' }, `${sentence(because)}.`),
    tally(counts),
    h('p', { class: 'quiet' }, `Exit code ${exitCode}. Rules of verdicts: meaning ${run.meaning}.`),
    proof(run),
  );
}

function proof(run: Run): Markup | undefined {
  const told = proofSentence(run);
  return told === undefined ? undefined : h('p', { class: 'quiet' }, h('span', { class: 'proof' }, told));
}

function tally(counts: Record<Verdict, number>): Markup {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  let x = 0;
  const bars = order.map((one) => {
    // One breach among a thousand has to be seen.
    const width = counts[one] === 0 ? 0 : Math.max(counts[one], total / 80);
    const bar = h('rect', { class: one, x, y: 0, width, height: 1 });
    x += width;
    return bar;
  });
  return h(
    'div',
    { class: 'tally' },
    h('svg', { viewBox: `0 0 ${x || 1} 1`, preserveAspectRatio: 'none', 'aria-hidden': 'true', class: 'bar' }, bars),
    h(
      'dl',
      {},
      order.map((one) =>
        h(
          'div',
          { class: counts[one] ? one : 'none' },
          h('dt', {}, mark(one), verdictWords[one]),
          h('dd', {}, counts[one]),
        ),
      ),
    ),
  );
}

/**
 * What a reader has to know before anything else: each verdict that is not as promised, with its reason; accepted ones
 * last.
 */
function attention(run: Run, details: Details): Markup | undefined {
  const kinds = (accepted: boolean) =>
    (['breached', 'inconclusive'] as const).flatMap((kind) =>
      groups(
        run.verdicts.filter((one) => one.verdict === kind && (one.deviation !== undefined) === accepted),
        (one) => JSON.stringify([one.check, one.reason, acceptance(one)]),
      ),
    );
  const open = kinds(false);
  const alarming = [...open, ...kinds(true)];
  if (alarming.length === 0) return undefined;
  const [worst] = open;
  const heading = worst
    ? worst[0].verdict === 'breached'
      ? 'What did not hold'
      : 'What could not be decided'
    : 'What did not hold, and is accepted';
  const more = alarming.length - mostAttention;
  return h(
    'section',
    { 'aria-labelledby': 'attention' },
    h('h2', { id: 'attention' }, heading),
    h(
      'ul',
      { class: 'attention' },
      alarming.slice(0, mostAttention).map((same) => {
        const [{ check, verdict: kind, reason }] = same;
        const accepted = acceptance(same[0]);
        const places = same.map(
          ({ handler, node, to }) => `${handler} on ${node}${to ? ` to ${to.handler} on ${to.node}` : ''}`,
        );
        return h(
          'li',
          { class: kind },
          h(
            'p',
            {},
            badge({ verdict: kind, accepted: accepted !== undefined }),
            ' ',
            h('a', { href: `#${anchor(check)}` }, nameOf(check)),
            `, ${listed(places)}`,
          ),
          h('p', { class: 'quiet' }, details.get(check)?.claim),
          h('p', {}, safeText(reason, 400)),
          accepted === undefined ? undefined : h('p', {}, `${sentence(accepted)}.`),
        );
      }),
    ),
    more > 0 ? h('p', { class: 'quiet more' }, `and ${more} more, in the evidence below`) : undefined,
  );
}

/** Every check of every handler as a tile: the shape of the difference, before any of its details. */
function contrast(run: Run): Markup | undefined {
  if (run.verdicts.length === 0) return undefined;
  const columns = columnsOf(run);
  const folders = groups(new Set(run.verdicts.map((one) => one.check)), suiteOf);
  const severalNodes = new Set(run.verdicts.map((one) => one.node)).size > 1;
  return h(
    'section',
    { 'aria-labelledby': 'contrast' },
    h('h2', { id: 'contrast' }, 'The contrast'),
    givenAway(columns).map((sentence) => h('p', { class: 'lead' }, sentence)),
    h(
      'table',
      { class: 'contrast' },
      h('caption', {}, 'Each tile is one check, in the order of the tables below.'),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'Handler'),
          folders.map(([id]) => h('th', { scope: 'col' }, suiteOf(id))),
        ),
      ),
      h(
        'tbody',
        {},
        columns.map((column) =>
          h(
            'tr',
            {},
            h(
              'th',
              { scope: 'row' },
              h('span', { class: 'name' }, column.handler),
              h('span', { class: 'quiet' }, promise(run, column), severalNodes ? `, ${nodesLabel(column.nodes)}` : ''),
            ),
            folders.map((checks) => tiles(checks, column)),
          ),
        ),
      ),
    ),
    legend(run),
  );
}

function tiles(checks: readonly string[], { verdicts }: Column): Markup {
  const found = checks.map((check) => [check, verdicts.get(check)] as const);
  const spoken = order.flatMap((verdict) =>
    [false, true].flatMap((accepted) => {
      const count = found.filter(([, one]) => one?.verdict === verdict && one.accepted === accepted).length;
      return count ? [`${count} ${toldWords({ verdict, accepted })}`] : [];
    }),
  );
  return h(
    'td',
    { 'data-folder': suiteOf(checks[0] ?? '') },
    h('span', { class: 'spoken' }, spoken.join(', ') || 'no verdict'),
    h(
      'span',
      { class: 'tiles', 'aria-hidden': 'true' },
      found.map(([check, told]) =>
        told
          ? h('span', { class: `tile ${told.verdict}`, title: `${check}: ${toldWords(told)}` }, mark(told.verdict))
          : h('span', { class: 'tile', title: `${check}: no verdict` }),
      ),
    ),
  );
}

/** What handlers give away, the one that gives most first, and how much of it those keep that give less. */
function givenAway(columns: readonly Column[]): string[] {
  const exposed = new Map(
    groups(columns, (column) => column.handler).map((same): [string, Set<string>] => [
      same[0].handler,
      new Set(
        same.flatMap(({ verdicts }) =>
          [...verdicts].flatMap(([check, one]) => (one.verdict === 'exposed' ? [check] : [])),
        ),
      ),
    ]),
  );
  const giving = [...exposed].filter(([, checks]) => checks.size > 0).sort(([, a], [, b]) => b.size - a.size);
  return giving.map(([handler, checks]) => {
    const one = checks.size === 1;
    const others = [...exposed].filter(([, own]) => own.size < checks.size);
    const kept = others.map(([other]) => {
      const its = columns.filter((column) => column.handler === other);
      const held = [...checks].filter((check) =>
        its.every(({ verdicts }) => verdicts.get(check)?.verdict === 'held'),
      ).length;
      if (one) return `${other} ${held ? 'held' : 'did not hold'} it`;
      return `${other} held ${held === checks.size ? 'every one of them' : `${held} of them`}`;
    });
    const sentence = `${handler} gives ${many(checks.size, 'boundary', 'boundaries')} away, as its class does not claim ${one ? 'it' : 'them'}`;
    return `${sentence}${kept.length ? `; ${kept.join(', ')}` : ''}.`;
  });
}

function promise(run: Run, { handler, nodes }: Column): string {
  const cell = run.cells.find((one) => one.handler === handler && one.node === nodes[0]);
  return cell?.isolationClass?.replace('-', ' ') ?? 'class unknown';
}

/** Only of what is there: a legend of everything would suggest it. */
function legend(run: Run): Markup {
  const counts = countVerdicts(run);
  return h(
    'ul',
    { class: 'legend' },
    order
      .filter((one) => counts[one] > 0)
      .map((one) =>
        h('li', {}, mark(one), h('strong', {}, verdictWords[one]), ` ${meanings[one].replace(/^inconclusive, /, '')}`),
      ),
  );
}

/** Handlers with what they promise and who says so; the same on several nodes is said once. */
function tested(run: Run): Markup {
  const facts = (cell: Cell): Child[] => {
    const { handler, runtimeClass, isolationClass, claimedBy, tested: wanted, reference, userNamespaces } = cell;
    return [
      handler,
      isolationClass ?? 'unknown',
      runtimeClass ?? 'none: the default handler',
      claimedBy,
      reference
        ? wanted
          ? 'tested; also the reference'
          : 'the reference, for controls only'
        : userNamespaces
          ? 'tested, in user namespaces'
          : 'tested',
    ];
  };
  const rows = groups(run.cells, (cell) => JSON.stringify(facts(cell)));
  const headings = ['Handler', 'Isolation class', 'RuntimeClass', 'Claimed by', 'Role', 'Nodes'];
  return h(
    'section',
    { 'aria-labelledby': 'tested' },
    h('h2', { id: 'tested' }, 'What was tested'),
    h(
      'p',
      { class: 'lead' },
      'The same probe ran under each handler on each node. What a handler promises is its isolation class; whether it is what it claims is tested too.',
    ),
    table(
      'Handlers',
      headings,
      rows.map((same) => [
        ...facts(same[0]),
        listed(
          same.map((cell) => cell.node),
          8,
        ),
      ]),
    ),
    table(
      'Nodes',
      ['Node', 'Kernel', 'System', 'Container runtime', 'kubelet', 'Boot id'],
      run.nodes.map((node) => [
        node.name,
        node.kernel,
        `${node.osImage}, ${node.architecture}`,
        node.containerRuntime,
        node.kubelet,
        h('code', {}, node.bootId),
      ]),
    ),
  );
}

/** A plain table; the first cell of a row names it. On a narrow screen each cell shows its heading. */
function table(caption: string, headings: readonly string[], rows: readonly (readonly Child[])[]): Markup | undefined {
  if (rows.length === 0) return undefined;
  return h(
    'table',
    { class: 'plain' },
    h('caption', {}, caption),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        headings.map((heading) => h('th', { scope: 'col' }, heading)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map(([first, ...rest]) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, first),
          rest.map((cell, index) => h('td', { 'data-heading': headings[index + 1] }, cell)),
        ),
      ),
    ),
  );
}
