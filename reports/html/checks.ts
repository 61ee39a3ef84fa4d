import { suiteOf } from '../../harness/check.ts';
import type { JudgedCheck, Run } from '../../harness/evidence.ts';
import type { Verdict } from '../../harness/judge/judge.ts';
import { requirements as known } from '../../requirements/index.ts';
import { acceptance } from '../deviations.ts';
import type { Detail, Details } from '../details.ts';
import { groups } from '../groups.ts';
import type { Group } from '../groups.ts';
import { nameOf, worstOf } from '../matrix.ts';
import { verdictKey } from './key.ts';
import { badge, mark, verdictWords } from './marks.ts';
import { h } from './markup.ts';
import type { Child, Markup } from './markup.ts';
import { anchor, verdictClasses } from './matrix.ts';
import { recorded } from './observations.ts';

/** Every check: closed it says what it claims and what came of it, open everything that is known. */
export function checks(run: Run, details: Details): Markup | undefined {
  if (run.verdicts.length === 0) return undefined;
  const byFolder = groups(run.verdicts, ({ check }) => suiteOf(check));
  return h(
    'section',
    { 'aria-labelledby': 'evidence', class: 'evidence' },
    h('h2', { id: 'evidence' }, 'The evidence'),
    h(
      'p',
      { class: 'lead' },
      'Each check opens to what it claims and why that matters, what was tried, and what was seen: inside the pod, and in the control, where the same attempt had to get through.',
    ),
    byFolder.map((ofFolder) =>
      h(
        'section',
        { class: `folder ${verdictClasses(ofFolder.map((one) => one.verdict))}` },
        h('h3', {}, suiteOf(ofFolder[0].check)),
        groups(ofFolder, ({ check }) => check).map((verdicts) => entry(verdicts, run, details.get(verdicts[0].check))),
      ),
    ),
  );
}

function entry(verdicts: Group<JudgedCheck>, run: Run, detail: Detail | undefined): Markup {
  const { check } = verdicts[0];
  const alarming = verdicts.some(({ verdict }) => verdict === 'breached' || verdict === 'inconclusive');
  const byHandler = groups(verdicts, ({ handler }) => handler);
  return h(
    'details',
    {
      class: `check ${verdictClasses(verdicts.map((one) => one.verdict))}`,
      ...(alarming && { open: true }),
    },
    h(
      'summary',
      {},
      h('h4', {}, nameOf(check)),
      h('span', { class: 'claim' }, detail?.claim ?? 'Not in the catalogue at hand.'),
      h(
        'span',
        { class: 'outcomes' },
        byHandler.map((same) =>
          h('span', { class: 'outcome' }, h('span', {}, same[0].handler), ' ', badge(worstOf(same))),
        ),
      ),
    ),
    // A link to what is inside opens it; a link to the whole would not.
    h(
      'div',
      { class: 'inside', id: anchor(check) },
      detail && about(detail),
      stories(verdicts).map(({ same, shown }) =>
        seen(same, shown ? recorded(same[0], detail?.sources, run) : undefined),
      ),
    ),
  );
}

/** What a reader wants to know first. */
const urgency: readonly Verdict[] = ['breached', 'inconclusive', 'exposed', 'held', 'not-applicable'];

/**
 * Verdicts that tell the same, worst first. What was recorded is shown of every breach, and else of the first of its kind
 * under each handler: sixty nodes that say the same would bury the one that does not.
 */
function stories(verdicts: Group<JudgedCheck>): { same: Group<JudgedCheck>; shown: boolean }[] {
  const told = new Set<string>();
  return groups(verdicts, (one) => {
    const { handler, verdict, reason, expected, observed, control } = one;
    return JSON.stringify([handler, verdict, reason, expected, observed, control, acceptance(one)]);
  })
    .sort(([a], [b]) => urgency.indexOf(a.verdict) - urgency.indexOf(b.verdict))
    .map((same) => {
      const kind = JSON.stringify([same[0].handler, same[0].verdict]);
      const shown = same[0].verdict === 'breached' || !told.has(kind);
      told.add(kind);
      return { same, shown };
    });
}

function about({ because, method = [], requirements, references = [], file, line }: Detail): Markup {
  const steps = groups(method, ({ label }) => label);
  return h(
    'dl',
    { class: 'about' },
    fact('Why it matters', because),
    steps.map((same) =>
      fact(
        same[0].label,
        same.length === 1
          ? same[0].text
          : h(
              'ul',
              {},
              same.map(({ text }) => h('li', {}, text)),
            ),
      ),
    ),
    fact('Supports', requirements.length === 0 ? 'no requirement is named' : supported(requirements)),
    references.length > 0
      ? fact(
          'Facts from',
          h(
            'ul',
            {},
            references.map((one) => h('li', {}, link(one))),
          ),
        )
      : undefined,
    file === undefined ? undefined : fact('Check', h('code', {}, line === undefined ? file : `${file}:${line}`)),
  );
}

/** Requirements by framework, with what each asks for and how far a held verdict goes; one that is not known by its id. */
const supported = (references: readonly string[]): Markup =>
  h(
    'ul',
    { class: 'requirements' },
    groups(references, (one) => one.split('#')[0] ?? one).map((same) => {
      const [framework = ''] = same[0].split('#');
      const name = known.get(same[0])?.framework.name;
      return h(
        'li',
        {},
        h('strong', {}, framework),
        name === undefined ? '' : `, ${name}`,
        h(
          'ul',
          {},
          same.map((reference) => h('li', {}, requirement(reference))),
        ),
      );
    }),
  );

function requirement(reference: string): Child {
  const id = h('code', {}, reference.split('#').slice(1).join('#'));
  const found = known.get(reference);
  return found ? [id, ` ${found.asks} `, h('span', { class: 'quiet' }, found.support)] : id;
}

const fact = (name: string, ...value: (Markup | string)[]): Markup =>
  h('div', {}, h('dt', {}, name), h('dd', {}, value));

/** What is no web address stays text. */
const link = (address: string): Markup =>
  /^https:\/\/[\w.-]+\//.test(address)
    ? h('a', { href: address, rel: 'noreferrer' }, address.replace('https://', ''))
    : h('span', {}, address);

function seen(same: Group<JudgedCheck>, records: Markup | undefined): Markup {
  const [first] = same;
  const accepted = acceptance(first);
  return h(
    'section',
    { class: `seen ${first.verdict} has-${first.verdict}` },
    h(
      'h5',
      {},
      mark(first.verdict),
      h('span', { class: 'word' }, verdictWords[first.verdict]),
      ' ',
      h(
        'span',
        { class: 'places' },
        same.map((one, index) => [index ? ', ' : '', place(one)]),
      ),
    ),
    accepted === undefined ? undefined : h('p', { class: 'accepted' }, accepted),
    h('p', { class: 'reason' }, first.reason),
    h(
      'dl',
      {},
      fact('Expected', first.expected),
      fact('Seen inside', first.observed),
      fact('Seen by the control', first.control),
    ),
    records,
  );
}

const place = (judged: JudgedCheck): Markup =>
  h(
    'span',
    { 'data-of': verdictKey(judged) },
    `${judged.handler} on ${judged.node}`,
    judged.to ? ` to ${judged.to.handler} on ${judged.to.node}` : '',
  );
