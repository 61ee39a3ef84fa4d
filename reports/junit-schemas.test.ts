import { describe, expect, it } from 'vitest';
import { rich, strict } from './junit-flavours.ts';
import { junit } from './junit.ts';
import { fakeDetails, fakeRun, fakeVerdict, parseXml } from './testing.ts';
import type { XmlElement } from './testing.ts';

/*
 * There is no standard of JUnit XML, but two schemas that consumers validate with. Their rules, as far as they touch
 * what Cofferdam writes, in our own words: a copy of somebody's schema is not ours to keep.
 */

interface Rule {
  /** Every attribute that may stand there; the pattern of its value. */
  attributes?: Record<string, RegExp>;
  required?: readonly string[];
  /** Names of the children in their order, each followed by a space. */
  children?: RegExp;
  text?: true;
}
type Schema = Record<string, Rule>;

const any = /^[^]*$/;
const some = /\S/;
const whole = /^\d+$/;
const decimal = /^\d+(\.\d+)?$/;

/** https://github.com/jenkinsci/xunit-plugin (MIT), junit-10.xsd: lenient in order, but no evidence in a case but output. */
const junit10: Schema = {
  testsuites: {
    attributes: { name: any, time: decimal, tests: any, failures: any, errors: any },
    children: /^(testsuite )*$/,
  },
  testsuite: {
    attributes: {
      ...{ name: any, tests: any, failures: any, errors: any, skipped: any, timestamp: any, hostname: any },
      ...{ id: any, package: any, group: any, file: any, log: any, url: any },
      time: /^\d*(\.\d*)?$/,
    },
    required: ['name', 'tests', 'failures', 'errors'],
    children: /^((testsuite|properties|testcase|system-out|system-err) )*$/,
  },
  properties: { children: /^(property )*$/ },
  property: { attributes: { name: any, value: any }, required: ['name', 'value'] },
  testcase: {
    attributes: { name: any, time: any, classname: any, group: any },
    required: ['name'],
    children: /^((skipped|error|failure|system-out|system-err) )*$/,
  },
  ...Object.fromEntries(
    ['skipped', 'error', 'failure'].map((name) => [name, { attributes: { type: any, message: any }, text: true }]),
  ),
  'system-out': { text: true },
  'system-err': { text: true },
};

/**
 * https://github.com/windyroad/JUnit-Schema (Apache-2.0), JUnit.xsd: of Ant, and the one that Azure names. Strict in
 * everything.
 */
const windyroad: Schema = {
  testsuites: { children: /^(testsuite )*$/ },
  testsuite: {
    attributes: {
      ...{ package: any, id: whole, name: some, hostname: some, time: decimal },
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      ...{ tests: whole, failures: whole, errors: whole, skipped: whole },
    },
    required: ['package', 'id', 'name', 'timestamp', 'hostname', 'tests', 'failures', 'errors', 'time'],
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { children: /^(property )*$/ },
  property: { attributes: { name: some, value: any }, required: ['name', 'value'] },
  testcase: {
    attributes: { name: any, classname: any, time: decimal },
    required: ['name', 'classname', 'time'],
    children: /^(skipped |error |failure )?$/,
  },
  skipped: { attributes: { message: any, type: any }, text: true },
  error: { attributes: { message: any, type: any }, required: ['type'], text: true },
  failure: { attributes: { message: any, type: any }, required: ['type'], text: true },
  'system-out': { text: true },
  'system-err': { text: true },
};

/** What the schema has against an element and what is in it. */
function complaints(element: XmlElement, schema: Schema): string[] {
  const { attributes = {}, required = [], children = /^$/, text } = schema[element.name] ?? {};
  const what = `<${element.name}>`;
  const found: string[] = [];
  if (!schema[element.name]) found.push(`${what} is unknown`);
  for (const [name, value] of Object.entries(element.attributes)) {
    if (!attributes[name]) found.push(`${what} has ${name}`);
    else if (!attributes[name].test(value)) found.push(`${what} has ${name}=${value}`);
  }
  for (const name of required) if (!(name in element.attributes)) found.push(`${what} lacks ${name}`);
  const names = element.children.map((child) => `${child.name} `).join('');
  if (!children.test(names)) found.push(`${what} holds ${names}`.trim());
  if (!text && element.text.trim() !== '') found.push(`${what} has text`);
  return [...found, ...element.children.flatMap((child) => complaints(child, schema))];
}

const kinds = (['held', 'breached', 'inconclusive', 'exposed', 'not-applicable'] as const).map((verdict, index) =>
  fakeVerdict({ verdict, handler: `handler-${index}`, reason: 'a <b> & "c"' }),
);
const interrupted = fakeRun(kinds);
interrupted.run.interrupted = 'SIGINT';
const runs = { 'every verdict': fakeRun(kinds), 'an interrupted run': interrupted, 'nothing at all': fakeRun([]) };
const schemas = { "Jenkins' junit-10.xsd": junit10, "Ant's JUnit.xsd": windyroad };

describe.each(Object.entries(schemas))('%s', (_, schema) => {
  it.each(Object.entries(runs))('accepts the strict flavour of %s', (__, run) => {
    expect(complaints(parseXml(junit(run, fakeDetails, strict)), schema)).toEqual([]);
  });
  it('does not accept the rich one, which is why there are two', () => {
    const found = complaints(parseXml(junit(runs['every verdict'], fakeDetails, rich)), schema);
    expect(found).toContain('<testsuites> has skipped');
    expect(found).toContain('<testcase> has file');
    expect(found).toContainEqual(expect.stringMatching(/^<testcase> holds properties/));
  });
});
