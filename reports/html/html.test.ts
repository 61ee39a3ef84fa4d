import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../harness/check.ts';
import type { JudgedCheck, Run } from '../../harness/evidence.ts';
import { loadCatalogue } from '../../harness/catalogue.ts';
import { requirements } from '../../requirements/index.ts';
import { describeChecks } from '../details.ts';
import { childrenOf, descendantsOf, fakeCited, fakeClusterRun, fakeRun, fakeVerdict, parseXml } from '../testing.ts';
import type { XmlElement } from '../testing.ts';
import { checkHtml, html } from './index.ts';

const catalogue: ReadonlyMap<string, Check> = await loadCatalogue();
const details = describeChecks(catalogue, new Map([...catalogue.keys()].map((id) => [id, 6])));
const run = fakeClusterRun([...catalogue.keys()]);
const sc39 = requirements.get('nist-800-53@5.1.1#SC-39')!;
const page = html(run, details);
const root = parseXml(page);

const all = (...names: string[]): XmlElement[] => names.flatMap((name) => descendantsOf(root, name));
const textOf = (element: XmlElement): string => element.everything;
/** In the order of the page. */
const every = (element: XmlElement): XmlElement[] => [element, ...element.children.flatMap(every)];
const withClass = (name: string): XmlElement[] =>
  all('section', 'details', 'tbody', 'tr', 'li', 'div').filter(({ attributes }) =>
    (attributes['class'] ?? '').split(' ').includes(name),
  );

describe('the page', () => {
  it('is the same every time, and passes its own check', () => {
    expect(html(run, details)).toBe(page);
    expect(() => checkHtml(page, run)).not.toThrow();
  });
  it('loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<(?:script|img|iframe|object|embed|form|base|audio|video)\b/);
    expect(page).not.toMatch(/\s(?:src|srcset|style|on[a-z]+|action|formaction|background|poster)=/);
    expect(page).not.toMatch(/@import|url\(/);
  });
  it('allows itself its own style sheet and no more', () => {
    const [style, ...others] = all('style');
    const digest = createHash('sha256').update(style!.text).digest('base64');
    const policy = all('meta').find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(others).toEqual([]);
    expect(policy!.attributes['content']).toBe(
      `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    );
  });
  it('has links that lead somewhere', () => {
    const ids = every(root).flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of all('a', 'use')) {
      const href = attributes['href']!;
      if (href.startsWith('#')) expect(ids).toContain(href.slice(1));
      else expect(href).toMatch(/^https:\/\//);
    }
  });
  it('has a heading for each part, none skipped', () => {
    const levels = every(root).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name.slice(1))] : []));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1));
  });
  it('has a scope for each heading of a table, and a caption for each table', () => {
    expect(all('th').every(({ attributes }) => attributes['scope'])).toBe(true);
    expect(all('table').every((table) => childrenOf(table, 'caption').length === 1)).toBe(true);
  });
  it('says in words what its drawings say', () => {
    for (const svg of all('svg')) expect(svg.attributes['aria-hidden']).toBe('true');
    const cells = all('td').filter(({ attributes }) => attributes['data-folder']);
    expect(cells.length).toBeGreaterThan(0);
    for (const cell of cells) expect(textOf(cell)).toMatch(/^\d+ (held|breached|inconclusive|exposed|not applicable)/);
  });
});

describe('the first screen', () => {
  it('says what was tested, and what came of it', () => {
    const [verdict] = all('section');
    expect(textOf(verdict!)).toContain('kata-qemu, runsc, runc on 3 nodes');
    expect(textOf(all('h1')[0]!)).toBe('Breached');
    expect(textOf(verdict!)).toContain(
      '1 boundary did not hold, and there may be more: 1 verdict could not be decided.',
    );
  });
  it('says what a shared kernel gives away, and who keeps it', () => {
    // How many the run has, by the catalogue's size.
    const exposed = run.verdicts.filter(({ handler, verdict }) => handler === 'runc' && verdict === 'exposed');
    const boundaries = new Set(exposed.map(({ check }) => check)).size;
    expect(boundaries).toBeGreaterThan(10);
    expect(page).toContain(
      `runc gives ${boundaries} boundaries away, as its class does not claim them; kata-qemu held every one of them, runsc held every one of them.`,
    );
  });
  it('says so of who gives most away first, and how much of that another keeps which gives something, too', () => {
    const [shown, hidden] = [
      'kernel-isolation/boot-id-is-not-the-nodes',
      'kernel-isolation/boot-time-is-not-the-nodes',
    ];
    const raw = 'tenant-network/raw-sockets-are-not-given';
    const exposed = { verdict: 'exposed' } as const;
    const three = html(
      fakeRun([
        fakeVerdict({ check: shown }),
        fakeVerdict({ check: hidden }),
        fakeVerdict({ check: raw, ...exposed }),
        fakeVerdict({ check: raw, handler: 'runsc' }),
        ...[shown, hidden, raw].map((check) => fakeVerdict({ check, handler: 'runc', ...exposed })),
      ]),
      details,
    );
    const told = [
      'runc gives 3 boundaries away, as its class does not claim them; kata-qemu held 2 of them, runsc held 1 of them.',
      'kata-qemu gives 1 boundary away, as its class does not claim it; runsc held it.',
    ];
    expect(told.map((sentence) => three.includes(sentence))).toEqual([true, true]);
    expect(three.indexOf(told[0]!)).toBeLessThan(three.indexOf(told[1]!));
  });
  it('begins with what did not hold', () => {
    const [breached, inconclusive, ...others] = descendantsOf(withAttribute('aria-labelledby', 'attention'), 'li');
    expect(textOf(breached!)).toContain('node-disk-cannot-be-opened');
    expect(textOf(breached!)).toContain('kata-qemu on node-c');
    expect(textOf(inconclusive!)).toContain('could not look into /proc/kcore: the probe was killed');
    expect(others).toEqual([]);
    expect(html(fakeRun([fakeVerdict()]), details)).not.toContain('What did not hold');
  });
  it('does not call a run conformant in green when nothing held', () => {
    const nothing = html(fakeRun([fakeVerdict({ handler: 'runc', verdict: 'exposed' })]), details);
    expect(nothing).toContain('class="verdict exposed"');
    expect(nothing).toContain('nothing held either');
  });
  it('has no tables of nothing', () => {
    const empty = parseXml(html(fakeRun([]), details));
    expect(empty.everything).toContain('No check was decided: the run says nothing about this cluster.');
    expect(descendantsOf(empty, 'table')).toEqual([]);
  });
  it('says what makes a run undecided', () => {
    const stopped = fakeRun([fakeVerdict()]);
    stopped.run.interrupted = 'SIGTERM';
    expect(html(stopped, details)).toContain('The run was interrupted: SIGTERM.');
  });

  const withAttribute = (name: string, value: string): XmlElement =>
    all('section').find(({ attributes }) => attributes[name] === value)!;
});

describe('a check', () => {
  const entry = withClass('check').find((one) => textOf(one).includes('boot-id-is-not-the-nodes'))!;
  const text = textOf(entry);

  it.each([
    ['its claim', "The pod runs on a kernel that booted separately from the node's."],
    ['why it matters', 'A shared kernel is the attack surface that every container escape through the kernel uses.'],
    ['what was attempted', "read the kernel's release, boot id and boot time"],
    ['when the boundary is crossed', "when the boot id is the node's"],
    ['what was expected', 'contained'],
    ['what was seen inside', 'read /proc/sys/kernel/random/boot_id: contained: not the value of the node'],
    ['what the control saw', 'privileged under runc: reached: what is the node’s'],
    ['which requirement it supports', 'nist-800-53@5.1.1, '],
    ['what that asks for, and how far it goes', `SC-39 ${sc39.asks} ${sc39.support}`],
    ['where the facts are from', 'www.kernel.org/doc/html/latest/admin-guide/sysctl/kernel.html#random'],
    ['its file and line', 'suites/kernel-isolation/boot-id-is-not-the-nodes.ts:6'],
    ['where it was seen', 'kata-qemu on node-a, kata-qemu on node-b, kata-qemu on node-c'],
  ])('tells %s', (_, expected) => {
    expect(text).toContain(expected);
  });
  it('says where a path leads', () => {
    const paths = ['node-a', 'node-b'].map((node) => fakeVerdict({ to: { node, handler: 'runc' } }));
    expect(parseXml(html(fakeRun(paths), details)).everything).toContain(
      'kata-qemu on node-a to runc on node-a, kata-qemu on node-a to runc on node-b',
    );
  });
  it('is open when it did not hold, and closed otherwise', () => {
    const open = withClass('check').filter(({ attributes }) => 'open' in attributes);
    expect(open.map((one) => textOf(descendantsOf(one, 'h4')[0]!))).toEqual([
      'node-disk-cannot-be-opened',
      'masked-paths-are-masked',
    ]);
  });
  it('says for the filter which verdicts it has', () => {
    expect(entry.attributes['class']).toBe('check has-held has-exposed');
  });
  it('does without a catalogue that knows it', () => {
    const unknown = html(fakeRun([fakeVerdict({ check: 'gone/by' })]), details);
    expect(unknown).toContain('Not in the catalogue at hand.');
  });
});

describe('what was recorded', () => {
  const check = catalogue.get('kernel-isolation/boot-id-is-not-the-nodes')!;
  const [attempt] = details.get(check.id)!.sources!.attempts;
  const container = (role: 'subject' | 'witness', handler: string, id: string, bootId: string) => ({
    ...{ pod: 'p', namespace: 'n', container: 'c', role, cell: `${handler}/node-a`, complete: true, facts: {} },
    profile: role === 'witness' ? 'witness' : 'restricted',
    observations: [{ id, kind: 'identity', value: { bootId } }],
  });
  const verdicts = ['kata-qemu', 'runc'].map((handler) => fakeVerdict({ check: check.id, handler }));
  const recorded = html(
    fakeRun(verdicts, {
      containers: [
        container('subject', 'kata-qemu', attempt!.subject, 'boot-of-the-guest'),
        container('subject', 'runc', attempt!.subject, 'boot-of-the-reference'),
        container('witness', 'runc', 'truth.identity', 'boot-of-the-node'),
      ],
    }),
    details,
  );

  it('stands side by side: inside, from the node, and in the control', () => {
    const figures = descendantsOf(parseXml(recorded), 'figure').slice(0, 3);
    expect(figures.map((figure) => [textOf(childrenOf(figure, 'figcaption')[0]!), textOf(figure)])).toEqual([
      [expect.stringMatching(/^ ?Inside|kata-qemu/), expect.stringContaining('boot-of-the-guest')],
      [expect.stringMatching(/witness/), expect.stringContaining('boot-of-the-node')],
      [expect.stringMatching(/Control: restricted under runc/), expect.stringContaining('boot-of-the-reference')],
    ]);
  });
});

describe('a deviation', () => {
  const accepted = { reason: 'Ticket <4711>', acceptedBy: 'Jo Doe', expires: '2027-03-31' };
  const entry = { check: 'a/b', handler: 'kata-qemu', nodes: '*', verdict: 'breached', ...accepted } as const;
  const of = (verdicts: readonly JudgedCheck[]): Run =>
    fakeRun(verdicts, {
      deviations: {
        ...{ file: 'accepted.yaml', sha256: 'c0ffee', at: '2026-11-20T08:32:05.250Z' },
        entries: [{ ...entry, state: 'accepted', selected: 1, matched: 1 }],
      },
    });
  const breach = (node: string): JudgedCheck => fakeVerdict({ node, verdict: 'breached' });
  const one = of([fakeVerdict(), { ...breach('node-b'), deviation: accepted }]);
  const written = html(one, details);

  it('stands beside the verdict that it accepts, and the run is not called conformant in green', () => {
    expect(written).toContain('<p class="accepted">accepted until 2027-03-31 by Jo Doe: Ticket &lt;4711&gt;</p>');
    expect(written).toContain('class="verdict exposed"');
    expect(parseXml(written).everything).toContain('Accepted until 2027-03-31 by Jo Doe: Ticket <4711>.');
    expect(() => checkHtml(written, one)).not.toThrow();
  });
  it('is marked in every matrix, in words that are read aloud too', () => {
    const both = parseXml(html(of([{ ...breach('node-a'), deviation: accepted }, breach('node-b')]), details));
    const told = descendantsOf(both, 'td').map((place) => place.everything);
    expect(told.filter((text) => /breached/.test(text))).toEqual(
      // The contrast's words for screen readers, then the matrix.
      ['1 breached (accepted)', '1 breached', 'breached (accepted)', 'breached'],
    );
  });
  it('of one of two paths leaves the handler plainly breached', () => {
    const to = { handler: 'runc', node: 'node-a' };
    const both = of([{ ...breach('node-a'), to, deviation: accepted }, breach('node-a')]);
    expect(descendantsOf(parseXml(html(both, details)), 'td').map((place) => place.everything)).toContain('breached');
  });
  it('is told apart from the same verdict that nobody accepts, which comes first', () => {
    const both = parseXml(html(of([{ ...breach('node-a'), deviation: accepted }, breach('node-b')]), details));
    const [heading, first] = descendantsOf(both, 'section')
      .filter(({ attributes }) => attributes['aria-labelledby'] === 'attention')
      .flatMap((section) => [descendantsOf(section, 'h2')[0], descendantsOf(section, 'li')[0]]);
    expect(heading!.everything).toBe('What did not hold');
    expect(first!.everything).toContain('kata-qemu on node-b');
    expect(first!.everything).not.toContain('ccepted until');
    const seen = descendantsOf(both, 'section').filter(({ attributes }) => /^seen /.test(attributes['class'] ?? ''));
    expect(seen.map((section) => /accepted until/.test(section.everything))).toEqual([true, false]);
  });
  it.each([
    ['who accepts a verdict', (text: string) => text.replace(/(<p class="accepted">.*?)Jo Doe/, '$1Ann Other')],
    ['that it is accepted', (text: string) => text.replace(/<p class="accepted">.*?<\/p>/, '')],
    ['that it was given', (text: string) => text.replace(/<p class="deviation">.*?<\/p>/, '')],
    ['until when', (text: string) => text.replace(/(<p class="deviation">.*?)2027/, '$12037')],
  ])('cannot be forged: %s', (_, forge) => {
    expect(forge(written)).not.toBe(written);
    expect(() => checkHtml(forge(written), one)).toThrow(/does not say what run.json says/);
  });
});

describe('a proof', () => {
  const citing = fakeRun([fakeVerdict()], { proof: fakeCited() });
  const written = html(citing, details);
  const sentence =
    'This version of the suite caught 225 of 225 planted breaches on a node of Linux 6.12.40, containerd://2.1.4, the same kind as in this run.';

  it('is cited in one sentence on the first screen, and by its digest', () => {
    const [first] = descendantsOf(parseXml(written), 'section');
    expect(first!.everything).toContain(sentence);
    expect(written).toContain('<code>sha256:f00d</code>');
    expect(() => checkHtml(written, citing)).not.toThrow();
  });
  it('is not spoken of where the run cites none', () => {
    const without = html(fakeRun([fakeVerdict()]), details);
    expect(parseXml(without).everything).not.toMatch(/planted|prove\.json/);
    expect(() => checkHtml(written, fakeRun([fakeVerdict()]))).toThrow(/a proof that was not in the run/);
    expect(() => checkHtml(without, citing)).toThrow(/a proof is missing/);
  });
  it('cannot be made better than it is', () => {
    const forged = written.replace('caught 225 of', 'caught 226 of');
    expect(() => checkHtml(forged, citing)).toThrow(/does not say what run.json says/);
  });
  it('is text, whatever somebody wrote into prove.json', () => {
    const kernel = '</span><script>alert(1)</script>';
    const hostile = fakeRun([fakeVerdict()], { proof: fakeCited({ node: { ...fakeCited().node, kernel } }) });
    const page = html(hostile, details);
    expect(page).toContain('a node of Linux &lt;/span&gt;&lt;script&gt;alert(1)&lt;/script&gt;, containerd');
    expect(() => checkHtml(page, hostile)).not.toThrow();
  });
});

describe('the self-check', () => {
  const check = (written: string) => () => checkHtml(written, run);
  it.each<[string, (text: string) => string, RegExp]>([
    ['another verdict of the run', (text) => text.replace('data-verdict="breached"', 'data-verdict="held"'), /"held"/],
    [
      'another verdict',
      (text) => text.replace('&quot;breached&quot;]', '&quot;held&quot;]'),
      /a verdict that was not in the run: .*held.*\n- a verdict is missing: .*breached/,
    ],
    ['a verdict left out', (text) => text.replace(/<section class="seen breached[^]*?<\/section>/, ''), /is missing/],
    [
      'a verdict told twice',
      (text) => text.replace(/(<section class="seen held[^]*?<\/section>)/, '$1$1'),
      /was not in/,
    ],
    ['another reason', (text) => text.replace(/(<p class="reason">)make and open/, '$1did not open'), /did not open/],
    ['a script', (text) => text.replace('</main>', '<script>alert(1)</script></main>'), /<script>/],
    ['a picture', (text) => text.replace('</main>', '<img src="https://example.invalid/"/></main>'), /<img>/],
    ['a handler', (text) => text.replace('<main>', '<main onclick="alert(1)">'), /attribute onclick of <main>/],
    ['a style of its own', (text) => text.replace('<main>', '<main style="display: none">'), /attribute style of/],
    ['another style sheet', (text) => text.replace('</style>', 'body{display:none}</style>'), /another style sheet/],
    ['a second style sheet', (text) => text.replace('</head>', '<style>*{}</style></head>'), /another style sheet/],
    ['another policy', (text) => text.replace("default-src 'none'", 'default-src *'), /another policy/],
    ['no policy', (text) => text.replace(/<meta http-equiv[^>]*>/, ''), /0 policies/],
    [
      'a link that runs',
      (text) => text.replace('href="#evidence"', 'href="javascript:alert(1)"'),
      /a link to javascript/,
    ],
    [
      'a refresh',
      (text) => text.replace('</head>', '<meta http-equiv="refresh" content="0"/></head>'),
      /another policy/,
    ],
    ['a comment', (text) => text.replace('<main>', '<main><!-- -->'), /a comment/],
    ['half a page', (text) => text.slice(0, text.length / 2), /^report.html is not as cofferdam writes it, line \d+: /],
    ['nothing', () => '', /not as cofferdam writes it/],
  ])('catches %s', (_, forge, why) => {
    const forged = forge(page);
    expect(forged).not.toBe(page);
    expect(check(forged)).toThrow(why);
  });
});
