import { describe, expect, it } from 'vitest';
import type { JudgedCheck } from '../harness/evidence.ts';
import { checkJunit } from './junit-check.ts';
import { parseJunit } from './junit-parse.ts';
import type { ParsedCase } from './junit-parse.ts';
import { junit } from './junit.ts';
import { fakeCell, fakeDetails, fakeReference, fakeRun, fakeVerdict } from './testing.ts';

const id = 'kernel-isolation/boot-id-is-not-the-nodes';
const everyKind = fakeRun([
  fakeVerdict(),
  fakeVerdict({ handler: 'kata-clh', verdict: 'breached', reason: 'it is the value of the node' }),
  fakeVerdict({ handler: 'kata-fc', verdict: 'inconclusive', reason: 'no control ran' }),
  fakeVerdict({
    handler: 'runc',
    isolationClass: 'shared-kernel',
    verdict: 'exposed',
    reason: 'runc shares the kernel',
  }),
  fakeVerdict({
    handler: 'crun',
    isolationClass: 'shared-kernel',
    verdict: 'not-applicable',
    reason: 'there is no such file',
  }),
]);
const casesOf = (xml: string): ParsedCase[] => parseJunit(xml).suites.flatMap((suite) => suite.cases);

const fullBody = `verdict: held
reason: read /proc/sys/kernel/random/boot_id: not the value of the node
claim: The pod runs on a kernel that booted separately from the node's.
why it matters: A shared kernel is the attack surface that every container escape through the kernel uses.
expected: contained
observed: read /proc/sys/kernel/random/boot_id: contained: not the value of the node
control: restricted under runc: reached: the value of the node
supports: nist-800-53@5.1.1#SC-39, nist-800-53@5.1.1#SC-4, mitre-attack@18.1#T1611`;

describe('every verdict', () => {
  it.each([
    ['held', 'passed', undefined, undefined],
    ['breached', 'failure', 'IsolationViolation', 'it is the value of the node'],
    ['inconclusive', 'error', 'Inconclusive', 'no control ran'],
    ['exposed', 'skipped', undefined, 'exposed: runc shares the kernel'],
    ['not-applicable', 'skipped', undefined, 'not-applicable: there is no such file'],
  ])('%s is %s', (verdict, kind, type, message) => {
    const found = casesOf(junit(everyKind, fakeDetails)).find((one) =>
      one.properties.some(([key, value]) => key === 'verdict' && value === verdict),
    )!;
    expect(found.kind).toBe(kind);
    expect(found.outcome['type']).toBe(type);
    expect(found.outcome['message']).toBe(message);
    expect(found.output).toContain(`verdict: ${verdict}\nreason: `);
    expect(found.body).toBe(kind === 'passed' ? '' : found.output);
  });

  it('tells the whole story', () => {
    const [held] = casesOf(junit(everyKind, fakeDetails));
    expect(held!.output).toBe(fullBody);
    expect(held!.properties).toEqual([
      ['verdict', 'held'],
      ['isolationClass', 'guest-kernel'],
      ['requirement.nist-800-53@5.1.1', 'SC-39, SC-4'],
      ['requirement.mitre-attack@18.1', 'T1611'],
    ]);
  });

  it('counts', () => {
    const { attributes, suites } = parseJunit(junit(everyKind, fakeDetails));
    expect(attributes).toEqual({ name: 'cofferdam', tests: '5', failures: '1', errors: '1', skipped: '2' });
    expect(suites).toHaveLength(5);
  });

  it('passes its own check', () => {
    expect(() => checkJunit(junit(everyKind, fakeDetails), everyKind)).not.toThrow();
  });

  it('does without a catalogue that knows the check', () => {
    const xml = junit(everyKind, new Map());
    expect(casesOf(xml)[0]!.output).toContain('claim: not in the catalogue at hand');
    checkJunit(xml, everyKind);
  });
});

describe('identity', () => {
  const classnames = (...verdicts: JudgedCheck[]) =>
    casesOf(junit(fakeRun(verdicts), fakeDetails)).map(
      (one) => `${one.attributes['classname'] ?? ''} ${one.attributes['name'] ?? ''}`,
    );

  it('is folder, handler, node and the id of the check', () => {
    expect(classnames(fakeVerdict())).toEqual([`kernel-isolation.kata-qemu.node-a ${id}`]);
  });
  it('says where a path leads', () => {
    const check = 'tenant-network/closed-path-is-closed';
    expect(
      classnames(...['runc', 'kata-qemu'].map((handler) => fakeVerdict({ check, to: { node: 'node-b', handler } }))),
    ).toEqual([
      `tenant-network.kata-qemu.node-a.to.runc.node-b ${check}`,
      `tenant-network.kata-qemu.node-a.to.kata-qemu.node-b ${check}`,
    ]);
  });
  it('keeps dots out of handlers and nodes, and names apart', () => {
    const odd = [
      'a.b',
      'a~2e~b',
      'a_b',
      'a b',
      '(default)',
      'a@b',
      '',
      '~~',
      '\ud800',
      '\ufffd',
      'x'.repeat(600),
      `${'x'.repeat(600)}y`,
    ];
    const found = odd.map((handler) => classnames(fakeVerdict({ handler }))[0]!);
    expect(new Set(found).size).toBe(odd.length);
    expect(found.every((one) => one.split(' ')[0]!.split('.').length === 3)).toBe(true);
    expect(found[0]).toBe(`kernel-isolation.a~2e~b.node-a ${id}`);
    expect(found[4]).toBe(`kernel-isolation.(default).node-a ${id}`);
    expect(classnames(...odd.map((node) => fakeVerdict({ node })))).toHaveLength(odd.length);
  });
  it('is never given twice', () => {
    expect(() => classnames(fakeVerdict(), fakeVerdict({ verdict: 'breached' }))).toThrow(
      `two verdicts have the identity kernel-isolation.kata-qemu.node-a ${id}: a consumer of JUnit would keep one of them`,
    );
  });
  it('does not depend on when and as what it ran', () => {
    const later = fakeRun([fakeVerdict()]);
    later.run = { ...later.run, id: 'ffffffff', started: '2027-01-01T00:00:00.000Z' };
    expect(casesOf(junit(later, fakeDetails))[0]!.attributes).toEqual(
      casesOf(junit(fakeRun([fakeVerdict()]), fakeDetails))[0]!.attributes,
    );
  });
});

describe('suites', () => {
  it('say what was tested, when and with what', () => {
    const run = fakeRun([fakeVerdict({ node: 'a.example' })], {
      cells: [
        fakeCell({ node: 'a.example', runtimeClass: 'kata', claimedBy: '--claim' }),
        fakeReference({ node: 'a.example', tested: false }),
      ],
    });
    const { attributes, properties } = parseJunit(junit(run, fakeDetails)).suites[0]!;
    expect(attributes).toEqual({
      name: 'kernel-isolation.kata-qemu.a~2e~example',
      // UTC, whatever the zone of this machine.
      timestamp: '2026-11-20T08:30:00',
      time: '0',
      hostname: 'a.example',
      tests: '1',
      failures: '0',
      errors: '0',
      skipped: '0',
    });
    expect(Object.fromEntries(properties)).toEqual({
      'run.id': '1a2b3c4d',
      'run.started': '2026-11-20T08:30:00.250Z',
      'run.finished': '2026-11-20T08:32:05.250Z',
      'run.interrupted': 'no',
      'run.verdict': 'held',
      'run.exitCode': '0',
      'run.troubles': 'none',
      'cofferdam.version': '0.1.0',
      'cofferdam.meaning': '1',
      'catalogue.sha256': 'c0ffee',
      'catalogue.checks': '1',
      'cluster.version': 'v1.34.1',
      'cluster.uid': '7d1e4f0a-0000-4000-8000-000000000000',
      'probe.image': 'cofferdam-probe:0.1.0',
      'probe.digests': 'sha256:aa, sha256:bb',
      'node.name': 'a.example',
      'node.kernel': '6.12.40',
      'node.osImage': 'Debian GNU/Linux 13',
      'node.architecture': 'amd64',
      'node.containerRuntime': 'containerd://2.1.4',
      'node.kubelet': 'v1.34.1',
      'node.bootId': 'boot-a.example',
      'runtime.handler': 'kata-qemu',
      'runtime.runtimeClass': 'kata',
      'runtime.isolationClass': 'guest-kernel',
      'runtime.claimedBy': '--claim',
      'runtime.reference': 'no',
    });
  });
});

describe('a run that says nothing', () => {
  const errors = (run: ReturnType<typeof fakeRun>) => {
    const xml = junit(run, fakeDetails);
    checkJunit(xml, run);
    return casesOf(xml)
      .filter((one) => one.attributes['classname'] === 'cofferdam.run')
      .map((one) => [one.kind, one.attributes['name'], one.outcome['type'], one.outcome['message']]);
  };
  const nothing = [
    'error',
    'some-check-was-decided',
    'NothingDecided',
    'no check was decided: the run says nothing about this cluster',
  ];

  it('has an error when no check was decided', () => {
    expect(errors(fakeRun([]))).toEqual([nothing]);
    expect(errors(fakeRun([fakeVerdict({ verdict: 'not-applicable' })]))).toEqual([nothing]);
    expect(errors(fakeRun([fakeVerdict({ verdict: 'inconclusive' })]))).toEqual([nothing]);
  });
  it('has none when one was', () => {
    for (const verdict of ['held', 'breached', 'exposed'] as const)
      expect(errors(fakeRun([fakeVerdict({ verdict })]))).toEqual([]);
  });
  it('has an error when it was interrupted, with what went wrong', () => {
    const run = fakeRun([fakeVerdict()], { troubles: [{ what: 'pod a', cause: 'evicted\nclaim: all is well' }] });
    run.run.interrupted = 'SIGINT';
    expect(errors(run)).toEqual([['error', 'run-came-to-its-end', 'Interrupted', 'the run was interrupted: SIGINT']]);
    expect(casesOf(junit(run, fakeDetails))[0]!.body).toBe(
      'run: the run was interrupted: SIGINT\ntroubles: pod a: evicted\n  | claim: all is well',
    );
  });
  it('has an error when verdicts are missing', () => {
    const run = fakeRun([fakeVerdict()]);
    run.roster.push({ check: id, cell: 'runc/node-a' });
    expect(errors(run)).toEqual([
      ['error', 'every-planned-check-has-a-verdict', 'VerdictsMissing', '2 verdicts were planned, there are 1'],
    ]);
  });
});

describe('what consumers read (evidence.md §1.1)', () => {
  const xml = junit(everyKind, fakeDetails);
  const { attributes, suites } = parseJunit(xml);
  const cases = casesOf(xml);

  it('Buildkite, dorny: every suite has a name, every case a name and a classname', () => {
    expect(suites.every((suite) => suite.attributes['name'])).toBe(true);
    expect(cases.every((one) => one.attributes['name'] && one.attributes['classname'])).toBe(true);
  });
  it('GitLab, Sonobuoy: whatever is not passed has a body', () => {
    expect(cases.filter((one) => one.kind !== 'passed').every((one) => one.body.length > 0)).toBe(true);
  });
  it('mikepenz, Sonobuoy: no case is skipped beside a failure, and none has a status of its own', () => {
    expect(xml).not.toMatch(/status=/);
    for (const part of xml.split('<testcase').slice(1))
      expect(part.match(/<(failure|error|skipped)\b/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });
  it('Sonobuoy: times are numbers, counts are integers', () => {
    expect(xml).not.toMatch(/NaN|time=""/);
    expect([...xml.matchAll(/ time="([^"]*)"/g)].every(([, time]) => Number.isFinite(Number.parseFloat(time!)))).toBe(
      true,
    );
    for (const counted of [attributes, ...suites.map((suite) => suite.attributes)]) {
      for (const key of ['tests', 'failures', 'errors', 'skipped']) expect(counted[key]).toMatch(/^\d+$/);
    }
  });
  it('Jenkins: property names are unique in a suite and in a case', () => {
    for (const { properties } of [...suites, ...cases])
      expect(new Set(properties.map(([key]) => key)).size).toBe(properties.length);
  });
  it('Azure: titles fit, timestamps have no zone', () => {
    expect(cases.every((one) => one.attributes['name']!.length <= 512)).toBe(true);
    expect(suites.every((suite) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(suite.attributes['timestamp']!))).toBe(true);
  });
  it('GitLab: no type that Rails would cast', () => {
    for (const [, type] of xml.matchAll(/ type="([^"]*)"/g))
      expect(['IsolationViolation', 'Inconclusive']).toContain(type);
  });
  it('is the same file every time', () => {
    expect(junit(everyKind, fakeDetails)).toBe(xml);
  });
});
