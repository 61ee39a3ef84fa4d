import { describe, expect, it } from 'vitest';
import type { Run } from '../harness/evidence.ts';
import type { Details } from './details.ts';
import { formats } from './formats.ts';
import { checkJunit } from './junit-check.ts';
import { junitDocument } from './junit-document.ts';
import type { JunitSuite } from './junit-document.ts';
import { strict } from './junit-flavours.ts';
import { junit, writeDocument } from './junit.ts';
import { validators } from './schemas/validators.ts';
import { terminalReport } from './terminal.ts';
import { fakeCell, fakeCited, fakeDetails, fakeRun, fakeVerdict } from './testing.ts';

const forgedCase =
  '<testcase classname="kernel-isolation.forged.node-a" name="kernel-isolation/forged" time="0"><system-out>fine</system-out></testcase>';
/** The first `]]>` is escaped by xmlbuilder, the second is not. */
const twice = `]]>]]></system-out></testcase>${forgedCase}<testcase classname="x" name="y" time="0"><system-out><![CDATA[`;
/** The control character is removed after CDATA was escaped. */
const hidden = twice.replace(']]>]]>', ']]\u0001>');

const hostile: Record<string, string> = {
  'two ends of CDATA': twice,
  'an end of CDATA with a control character in it': hidden,
  'two ends in a failure': twice.replaceAll('system-out', 'failure'),
  'text that ends an attribute': '"/></properties></testsuite><testsuite name="forged"><!-- ',
  'an entity': '&lt;failure/&gt; &#0; &xxe; <!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
  colours: '\u001b[2J\u001b[1;31mBREACHED\u001b[0m\u009b2J\u001b]8;;http://example.invalid\u0007',
  'lone surrogates': 'a\ud800b\udc00c\udbff',
  'no characters': 'a\u0000\u0008\u000b\u001f\u007f\u0085\u009f\ufffe\uffff',
  'line ends': 'a\r\nb\rc\nd\u2028e\u2029f\u0085g\n\nclaim: forged',
  'turned text': '\u202egnihton saw ti\u202c',
  markup: '<script>alert(1)</script> <img src=x onerror=alert(1)> <style>*{display:none}</style> &lt;e&gt;',
  Markdown: '[a](javascript:alert(1)) ![b](x) `c` {{ insert: param, d }}',
  'an end of everything': '--></style></title></pre></details></main></body></html><h1>Conformant</h1>',
  'an attachment': '[[ATTACHMENT|/etc/shadow]]',
  'pipeline commands': '\n::add-mask::a\n##vso[task.complete result=Succeeded;]\n##[error]',
  'placeholders of a message': '{0} {{1}} [link](https://example.invalid) {a',
  'YAML and JSON': '"\n- name: forged\n  status: passed\n---\n!!binary x: [&a *a], \\" }] }',
  paths: '../../../etc/passwd',
  'a large text': 'x ]]>'.repeat(2_000_000),
};

/** The text in every field that comes from a cluster. */
function poisoned(text: string): { run: Run; details: Details } {
  const check = `kernel-isolation/${text.slice(0, 100)}`;
  const handler = text;
  const node = `${text}-node`;
  const fields = { check, handler, node, reason: text, expected: text, observed: text, control: text };
  const verdicts = (['held', 'breached', 'inconclusive', 'exposed', 'not-applicable'] as const).map((verdict, index) =>
    fakeVerdict({ ...fields, verdict, to: { node: `${text}${index}`, handler: text } }),
  );
  const deviation = { reason: text, acceptedBy: text, expires: '2027-03-31' };
  const accepted = fakeVerdict({ ...fields, verdict: 'breached', deviation });
  const given = { check, handler, nodes: text, verdict: 'breached', ...deviation, selected: 1, matched: 1 } as const;
  const cells = [fakeCell({ handler, node, runtimeClass: text, claimedBy: text })];
  const run = fakeRun([...verdicts, accepted], {
    cells,
    cluster: { uid: text, version: text },
    probe: { image: text, digests: [text] },
    troubles: [{ what: text, cause: text }],
    proof: fakeCited({
      sha256: text,
      node: { kernel: text, osImage: text, containerRuntime: `${text}-another`, kubelet: text },
    }),
    deviations: {
      ...{ file: text, sha256: text, at: '2026-11-20T08:32:05.250Z' },
      entries: (['accepted', 'expired', 'not-needed'] as const).map((state) => ({ ...given, state })),
    },
  });
  run.run = { ...run.run, id: text, interrupted: text };
  run.suite.version = text;
  run.catalogue.sha256 = text;
  run.nodes = run.nodes.map(() => ({
    name: node,
    kernel: text,
    osImage: text,
    architecture: text,
    containerRuntime: text,
    kubelet: text,
    bootId: text,
  }));
  return { run, details: new Map([[check, { claim: text, because: text, requirements: [`${text}#${text}`] }]]) };
}

describe.each(Object.entries(hostile))('%s in every field', (_, text) => {
  const { run, details } = poisoned(text);

  it.each(Object.entries(formats))('does not change what %s says', (name, { render, check }) => {
    const written = render(run, details);
    expect(() => check(written, run)).not.toThrow();
    expect(written.isWellFormed()).toBe(true);
    expect(written).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u202e\ufffe]/);
    expect(written).not.toMatch(/\[\[ATTACHMENT|##vso|##\[|::add-mask::/);
    expect(written.length).toBeLessThan(3_000_000);
    expect(validators[name]?.(written) ?? []).toEqual([]);
  });

  it('does not reach the terminal', () => {
    const report = terminalReport(run, details, { color: false, width: 100 });
    expect(report.isWellFormed()).toBe(true);
    expect(report).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e\ufffe]/);
    expect(report).not.toMatch(/\[\[ATTACHMENT|##vso|##\[|::add-mask::/);
    expect(report.split('\n').every((line) => line.length <= 100)).toBe(true);
    expect(report.length).toBeLessThan(50_000);
  });

  it('does not begin a line that the report did not', () => {
    expect(terminalReport(run, details, { color: false, width: 100 })).not.toMatch(/^claim: forged/m);
    expect(junit(run, details)).not.toMatch(/^claim: forged/m);
  });
});

describe('the self-check', () => {
  const run = fakeRun([fakeVerdict({ verdict: 'breached' }), fakeVerdict({ handler: 'runc', verdict: 'exposed' })]);
  const xml = junit(run, fakeDetails);
  const check = (written: string) => () => checkJunit(written, run);

  /** The document with one text as it would be without sanitising. */
  const unsanitised = (text: string): JunitSuite[] =>
    junitDocument(run, fakeDetails).map((suite, index) =>
      index ? suite : { ...suite, cases: suite.cases.map((one) => ({ ...one, body: text })) },
    );

  it.each([
    ['two ends of CDATA', twice],
    ['an end with a control character', hidden],
  ])('catches a forged file: %s', (_, text) => {
    const forged = writeDocument(unsanitised(text));
    // Without this the test proves nothing: the attack works, the file has a case that nobody judged.
    expect(forged).toContain(forgedCase);
    expect(check(forged)).toThrow(/^junit.xml is not as cofferdam writes it, line \d+: /);
  });

  it('catches a well-formed forgery that keeps to the grammar', () => {
    const forged = xml.replace('</testcase>', `</testcase>${forgedCase}`);
    expect(check(forged)).toThrow(
      /^junit.xml does not say what run.json says:\n[^]*- number of cases is "3", expected "2"/,
    );
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a failure removed',
      (text) => text.replace(/<failure[^]*?<\/failure>/, ''),
      /: kind is "passed", expected "failure"/,
    ],
    [
      'a failure turned into an error',
      (text) => text.replaceAll('<failure', '<error').replaceAll('</failure', '</error'),
      /: kind is "error", expected "failure"/,
    ],
    ['another verdict', (text) => text.replace('value="breached"', 'value="held"'), /is "?.*held/],
    ['another message', (text) => text.replace(/(<failure message=")[^"]*/, '$1nothing'), /: message is "nothing"/],
    [
      'another type',
      (text) => text.replace('IsolationViolation', 'Flake'),
      /: type is "Flake", expected "IsolationViolation"/,
    ],
    [
      'another count',
      (text) => text.replace('failures="1"', 'failures="0"'),
      /the report: failures is "0", expected "1"/,
    ],
    [
      'another handler',
      (text) => text.replace('classname="kernel-isolation.kata-qemu', 'classname="kernel-isolation.kata-clh'),
      /identity is/,
    ],
    ['another property', (text) => text.replace('value="c0ffee"', 'value="decaf"'), /properties is/],
    [
      'another host',
      (text) => text.replace('hostname="node-a"', 'hostname="node-b"'),
      /hostname is "node-b", expected "node-a"/,
    ],
    ['another file', (text) => text.replace('file="suites/', 'file="/etc/'), /: file is "\/etc\/kernel-isolation/],
    ['another time', (text) => text.replace('T08:30:00"', 'T08:31:00"'), /timestamp is/],
    ['a body that differs from the output', (text) => text.replace(']]></failure>', 'x]]></failure>'), /: body is/],
    [
      'a case left out',
      (text) => text.replace(/<testcase[^]*?<\/testcase>/, ''),
      /number of cases is "1", expected "2"/,
    ],
    [
      'a suite left out',
      (text) => text.replace(/<testsuite [^]*?<\/testsuite>/, ''),
      /number of suites is "1", expected "2"/,
    ],
    ['two outcomes', (text) => text.replace('</failure>', '</failure><skipped/>'), /<skipped> beside <failure>/],
    ['two outputs', (text) => text.replace('</system-out>', '</system-out><system-out/>'), /a second <system-out>/],
    [
      'a status',
      (text) => text.replace('<testcase ', '<testcase status="disabled" '),
      /attribute status of <testcase>/,
    ],
    ['a nested suite', (text) => text.replace('<testcase ', '<testsuite/><testcase '), /<testsuite> in <testsuite>/],
    ['a rerun', (text) => text.replace('<system-out>', '<rerunFailure/><system-out>'), /<rerunFailure> in <testcase>/],
    ['a document type', (text) => text.replace('<testsuites', '<!DOCTYPE a><testsuites'), /a document type/],
    ['a comment', (text) => text.replace('<testsuite ', '<!-- --><testsuite '), /a comment/],
    ['stray text', (text) => text.replace('</testsuites>', 'all well</testsuites>'), /text in <testsuites>/],
    ['half a file', (text) => text.slice(0, text.length / 2), /not as cofferdam writes it/],
    ['an empty file', () => '', /not as cofferdam writes it|number of suites/],
  ])('catches %s', (_, forge, why) => {
    expect(forge(xml)).not.toBe(xml);
    expect(check(forge(xml))).toThrow(why);
  });

  it('accepts what was written', () => {
    expect(check(xml)).not.toThrow();
  });
});

describe('the self-check of the strict flavour', () => {
  const run = fakeRun([fakeVerdict(), fakeVerdict({ check: 'kernel-isolation/uts', verdict: 'breached' })]);
  const xml = junit(run, fakeDetails, strict);
  const check = (written: string) => () => checkJunit(written, run, strict);

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a failure removed',
      (text) => text.replace(/<failure[^]*?<\/failure>/, ''),
      /: kind is "passed", expected "failure"/,
    ],
    [
      'another story of what passed',
      (text) => text.replace(/(<system-out>[^]*control: )restricted/, '$1privileged'),
      /suite .*: output is/,
    ],
    [
      'another story of what failed',
      (text) => text.replace(/observed: [^\n]*(?=\ncontrol: [^\n]*\nsupports: no requirement)/, 'observed: nothing'),
      /uts: body is/,
    ],
    ['another host', (text) => text.replace('hostname="node-a"', 'hostname="node-b"'), /hostname is "node-b"/],
    ['another number', (text) => text.replace('id="0"', 'id="7"'), /id is "7", expected "0"/],
    ['an attribute on the root', (text) => text.replace('<testsuites', '<testsuites tests="1"'), /attribute tests/],
    [
      'evidence in a case',
      (text) => text.replace('</testcase>', '<system-out/></testcase>'),
      /<system-out> in <testcase>/,
    ],
    ['half a file', (text) => text.slice(0, text.length / 2), /^junit-strict.xml is not as cofferdam writes it/],
  ])('catches %s', (_, forge, why) => {
    expect(forge(xml)).not.toBe(xml);
    expect(check(forge(xml))).toThrow(why);
  });

  it('catches text that was not made safe', () => {
    const [suite] = junitDocument(run, fakeDetails);
    const cases = suite!.cases.map((one) => ({ ...one, body: twice }));
    const forged = writeDocument([{ ...suite!, cases }], strict);
    // Without this the test proves nothing: the attack works, the file has cases that nobody judged.
    expect(forged).toContain(forgedCase);
    expect(check(forged)).toThrow(/^junit-strict.xml is not as cofferdam writes it/);
  });

  it('accepts what was written', () => {
    expect(check(xml)).not.toThrow();
  });
});
