import { describe, expect, it } from 'vitest';
import { strict, rich } from './junit-flavours.ts';
import { junit } from './junit.ts';
import { childrenOf, descendantsOf, fakeDetails, fakeRun, fakeVerdict, parseXml } from './testing.ts';
import type { XmlElement } from './testing.ts';

/*
 * What each consumer would show, by its own rules of reading: which elements it finds, what it keeps a case by, what it
 * takes for failed, and which text reaches a person. Each reader is its consumer's rule and nothing more; the sources of
 * the rules are named beside it.
 */

const run = fakeRun([
  fakeVerdict(),
  fakeVerdict({ check: 'kernel-isolation/uts', verdict: 'breached', reason: 'it is the value of the node' }),
  fakeVerdict({ check: 'kernel-isolation/ipc', verdict: 'inconclusive', reason: 'no control ran' }),
  fakeVerdict({ check: 'kernel-isolation/pid', verdict: 'exposed', reason: 'runc shares the kernel' }),
  fakeVerdict({ check: 'kernel-isolation/net', verdict: 'not-applicable', reason: 'there is no such file' }),
]);
const files = { junit: junit(run, fakeDetails, rich), 'junit-strict': junit(run, fakeDetails, strict) };

const suite = 'kernel-isolation.kata-qemu.node-a';
const names = ['boot-id-is-not-the-nodes', 'uts', 'ipc', 'pid', 'net'].map((name) => `kernel-isolation/${name}`);
const [held = '', breached = '', inconclusive = '', exposed = '', none = ''] = names;

const outcome = (element: XmlElement, ...kinds: string[]): XmlElement | undefined =>
  kinds.flatMap((kind) => childrenOf(element, kind))[0];
const attribute = (element: XmlElement | undefined, name: string): string => element?.attributes[name] ?? '';
const outputOf = (element: XmlElement): string | undefined => childrenOf(element, 'system-out')[0]?.text;

/** jenkinsci/junit-plugin, SuiteResult.java and CaseResult.java. Skipped first; the text of an error before a failure's. */
function jenkins(root: XmlElement) {
  return descendantsOf({ ...root, children: [root] }, 'testsuite').flatMap((one) =>
    childrenOf(one, 'testcase').map((element) => {
      const skipped = outcome(element, 'skipped');
      const failed = outcome(element, 'error', 'failure');
      const output = outputOf(element) ?? outputOf(one) ?? '';
      const kept = failed ? 50_000 : 500;
      return {
        id: `${attribute(element, 'classname')} ${attribute(element, 'name')}`,
        status: skipped ? 'SKIPPED' : failed ? 'FAILED' : 'PASSED',
        message: attribute(skipped ?? failed, 'message'),
        details: failed?.text ?? '',
        output: output.length <= 2 * kept ? output : `${output.slice(0, kept)}…${output.slice(-kept)}`,
      };
    }),
  );
}

/** gitlabhq/gitlabhq, parsers/test/junit.rb and reports/test_case.rb: content only, no message; one case a key. */
function gitlab(root: XmlElement) {
  const cases = childrenOf(root, 'testsuite').flatMap((one) =>
    childrenOf(one, 'testcase').map((element) => {
      const found = outcome(element, 'failure', 'error', 'skipped');
      const status = found?.name.replace('failure', 'failed') ?? 'success';
      const key = `${attribute(one, 'name')}_${attribute(element, 'classname')}_${attribute(element, 'name')}`;
      return [key, { status, group: attribute(element, 'classname'), output: found?.text }] as const;
    }),
  );
  return new Map(cases);
}

/** microsoft/azure-pipelines-agent, JunitResultReader.cs. */
function azure(root: XmlElement) {
  return childrenOf(root, 'testsuite').flatMap((one) =>
    childrenOf(one, 'testcase').map((element) => {
      const failed = outcome(element, 'failure', 'error');
      const skipped = outcome(element, 'skipped');
      return {
        title: attribute(element, 'name').slice(0, 512),
        outcome: failed ? 'Failed' : skipped ? 'NotExecuted' : 'Passed',
        error: attribute(failed ?? skipped, 'message'),
        stack: failed?.text ?? '',
        started: new Date(`${attribute(one, 'timestamp')}Z`).toISOString(),
        computer: attribute(one, 'hostname'),
        output: failed ? (outputOf(element) ?? '') : '',
      };
    }),
  );
}

/** dorny/test-reporter, java-junit-parser.ts: three levels and no other; throws without names. */
function dorny(root: XmlElement) {
  return childrenOf(root, 'testsuite').flatMap((one) => {
    one.attributes['name']!.trim();
    return childrenOf(one, 'testcase').map((element) => {
      const failed = outcome(element, 'failure', 'error');
      const result = outcome(element, 'skipped') ? 'skipped' : failed ? 'failed' : 'success';
      const error = failed && `${attribute(failed, 'type')}: ${attribute(failed, 'message')}`;
      return [attribute(element, 'classname'), element.attributes['name']!.trim(), result, error];
    });
  });
}

/** mikepenz/action-junit-report, testParser.ts: skipped beats failed; file and line become an annotation. */
function mikepenz(root: XmlElement) {
  return descendantsOf(root, 'testcase').map((element) => {
    const failed = outcome(element, 'failure', 'error');
    const skipped = outcome(element, 'skipped') ?? ['disabled', 'ignored'].includes(attribute(element, 'status'));
    return {
      status: skipped ? 'skipped' : failed ? 'failed' : 'passed',
      message: attribute(failed, 'message') || (failed?.text.split('\n').slice(0, 2).join('\n') ?? ''),
      place: `${attribute(element, 'file')}:${attribute(element, 'line')}`,
    };
  });
}

/** buildkite-plugins/junit-annotate, ruby/bin/annotate: any depth; message and all text. */
function buildkite(root: XmlElement) {
  return descendantsOf(root, 'testcase').map((element) => {
    const { classname, name } = element.attributes;
    if (!classname || !name) throw new Error('classname and name are mandatory');
    const found = outcome(element, 'failure', 'error', 'skipped');
    return [name, found?.name ?? 'passed', found ? `${attribute(found, 'message')}\n${found.text}` : ''];
  });
}

/** vmware-tanzu/sonobuoy, client/results/junit.go: numbers have to be numbers; skipped beats failed; no classname. */
function sonobuoy(root: XmlElement) {
  return childrenOf(root, 'testsuite').map((one) => {
    if (!/^\d+(\.\d+)?$/.test(attribute(one, 'time'))) throw new Error('strconv.ParseFloat');
    for (const key of ['tests', 'failures']) if (!/^\d+$/.test(attribute(one, key))) throw new Error('strconv.Atoi');
    const items = childrenOf(one, 'testcase').map((element) => {
      const found = outcome(element, 'skipped', 'failure', 'error');
      const status = found?.name === 'skipped' ? 'skipped' : found ? 'failed' : 'passed';
      return { name: attribute(element, 'name'), status, text: `${attribute(found, 'message')} ${found?.text ?? ''}` };
    });
    return { name: attribute(one, 'name'), items };
  });
}

describe.each(Object.entries(files))('%s, as it is read by', (flavour, xml) => {
  const root = parseXml(xml);
  const isRich = flavour === 'junit';

  it('Jenkins', () => {
    const cases = jenkins(root);
    expect(cases.map(({ id, status, message }) => [id, status, message])).toEqual([
      [`${suite} ${held}`, 'PASSED', ''],
      [`${suite} ${breached}`, 'FAILED', 'it is the value of the node'],
      [`${suite} ${inconclusive}`, 'FAILED', 'no control ran'],
      [`${suite} ${exposed}`, 'SKIPPED', 'exposed: runc shares the kernel'],
      [`${suite} ${none}`, 'SKIPPED', 'not-applicable: there is no such file'],
    ]);
    expect(cases[0]!.output).toContain('control: restricted under runc: reached: the value of the node');
    expect(cases[1]!.details).toContain('verdict: breached\nreason: it is the value of the node\nclaim: ');
  });

  it('GitLab', () => {
    const cases = gitlab(root);
    expect([...cases].map(([key, { status }]) => [key, status])).toEqual([
      [`${suite}_${suite}_${held}`, 'success'],
      [`${suite}_${suite}_${breached}`, 'failed'],
      [`${suite}_${suite}_${inconclusive}`, 'error'],
      [`${suite}_${suite}_${exposed}`, 'skipped'],
      [`${suite}_${suite}_${none}`, 'skipped'],
    ]);
    for (const { status, group, output } of cases.values()) {
      expect(group).toBe(suite);
      if (status !== 'success') expect(output).toMatch(/^verdict: .*\nreason: .*\nclaim: /);
    }
    expect(xml).not.toContain('[[ATTACHMENT|');
  });

  it('Azure DevOps', () => {
    const cases = azure(root);
    expect(cases.map(({ title, outcome: seen, error }) => [title, seen, error])).toEqual([
      [held, 'Passed', ''],
      [breached, 'Failed', 'it is the value of the node'],
      [inconclusive, 'Failed', 'no control ran'],
      [exposed, 'NotExecuted', 'exposed: runc shares the kernel'],
      [none, 'NotExecuted', 'not-applicable: there is no such file'],
    ]);
    expect(cases.every((one) => one.started === '2026-11-20T08:30:00.000Z' && one.computer === 'node-a')).toBe(true);
    expect(cases[1]!.stack).toContain('expected: contained');
    expect(cases[1]!.output).toBe(isRich ? cases[1]!.stack : '');
  });

  it('GitHub, dorny/test-reporter', () => {
    expect(dorny(root)).toEqual([
      [suite, held, 'success', undefined],
      [suite, breached, 'failed', 'IsolationViolation: it is the value of the node'],
      [suite, inconclusive, 'failed', 'Inconclusive: no control ran'],
      [suite, exposed, 'skipped', undefined],
      [suite, none, 'skipped', undefined],
    ]);
  });

  it('GitHub, mikepenz/action-junit-report', () => {
    const cases = mikepenz(root);
    expect(cases.map(({ status, message }) => [status, message])).toEqual([
      ['passed', ''],
      ['failed', 'it is the value of the node'],
      ['failed', 'no control ran'],
      ['skipped', ''],
      ['skipped', ''],
    ]);
    // The catalogue of this test knows the first check only.
    expect(cases.map(({ place }) => place)).toEqual([isRich ? `suites/${held}.ts:6` : ':', ':', ':', ':', ':']);
  });

  it('Buildkite', () => {
    const cases = buildkite(root);
    expect(cases.map(([name, status]) => [name, status])).toEqual([
      [held, 'passed'],
      [breached, 'failure'],
      [inconclusive, 'error'],
      [exposed, 'skipped'],
      [none, 'skipped'],
    ]);
    expect(cases[1]![2]).toMatch(/^it is the value of the node\nverdict: breached\n/);
  });

  it('Sonobuoy', () => {
    const [only, ...others] = sonobuoy(root);
    expect([only!.name, others]).toEqual([suite, []]);
    expect(only!.items.map(({ name, status }) => [name, status])).toEqual([
      [held, 'passed'],
      [breached, 'failed'],
      [inconclusive, 'failed'],
      [exposed, 'skipped'],
      [none, 'skipped'],
    ]);
    expect(only!.items[3]!.text).toMatch(/^exposed: runc shares the kernel verdict: exposed\n/);
  });
});

describe('a run that says nothing, as it is read by', () => {
  const silent = fakeRun([]);
  it.each([
    ['Jenkins', (xml: string) => jenkins(parseXml(xml)).map(({ status }) => status)],
    ['GitLab', (xml: string) => [...gitlab(parseXml(xml)).values()].map(({ status }) => status)],
    ['Azure DevOps', (xml: string) => azure(parseXml(xml)).map((one) => one.outcome)],
    ['dorny', (xml: string) => dorny(parseXml(xml)).map(([, , result]) => result)],
    ['mikepenz', (xml: string) => mikepenz(parseXml(xml)).map(({ status }) => status)],
    ['Buildkite', (xml: string) => buildkite(parseXml(xml)).map(([, status]) => status)],
    ['Sonobuoy', (xml: string) => sonobuoy(parseXml(xml)).flatMap(({ items }) => items.map(({ status }) => status))],
  ])('%s, is red', (_, read) => {
    for (const flavour of [rich, strict]) {
      const seen = read(junit(silent, fakeDetails, flavour));
      expect(seen).toHaveLength(1);
      expect(['FAILED', 'failed', 'error', 'Failed']).toContain(seen[0]);
    }
  });
});
