import { SaxesParser } from 'saxes';
import type { CaseKind, Property } from './junit-document.ts';

type Attributes = Record<string, string>;

/** A `<testcase>` as a consumer finds it. */
export interface ParsedCase {
  attributes: Attributes;
  kind: CaseKind;
  /** Attributes of the failure, error or skipped element. */
  outcome: Attributes;
  body: string;
  output: string;
  properties: Property[];
}

export interface ParsedSuite {
  attributes: Attributes;
  properties: Property[];
  cases: ParsedCase[];
}

/** What cofferdam writes and nothing else: under which parent, in which order, with which attributes. */
const grammar: Record<
  string,
  { attributes: readonly string[]; children: readonly string[]; many?: readonly string[]; text?: true }
> = {
  '': { attributes: [], children: ['testsuites'] },
  testsuites: {
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped'],
    children: ['testsuite'],
    many: ['testsuite'],
  },
  testsuite: {
    attributes: ['name', 'timestamp', 'hostname', 'time', 'tests', 'failures', 'errors', 'skipped'],
    children: ['properties', 'testcase'],
    many: ['testcase'],
  },
  testcase: {
    attributes: ['classname', 'name', 'time'],
    children: ['properties', 'failure', 'error', 'skipped', 'system-out'],
  },
  properties: { attributes: [], children: ['property'], many: ['property'] },
  property: { attributes: ['name', 'value'], children: [] },
  failure: { attributes: ['message', 'type'], children: [], text: true },
  error: { attributes: ['message', 'type'], children: [], text: true },
  skipped: { attributes: ['message'], children: [], text: true },
  'system-out': { attributes: [], children: [], text: true },
};

const outcomes: readonly string[] = ['failure', 'error', 'skipped'] satisfies CaseKind[];

/** Reads junit.xml strictly: whatever is not in the grammar above was not written by cofferdam, and throws. */
export function parseJunit(xml: string): { attributes: Attributes; suites: ParsedSuite[] } {
  const report: { attributes: Attributes; suites: ParsedSuite[] } = { attributes: {}, suites: [] };
  const open: { name: string; children: string[] }[] = [{ name: '', children: [] }];
  const parser = new SaxesParser();
  const refuse = (why: string): never => {
    throw new Error(`junit.xml is not as cofferdam writes it, line ${parser.line}: ${why}`);
  };
  const suite = () => report.suites.at(-1) ?? refuse('no suite');
  const testCase = () => suite().cases.at(-1) ?? refuse('no case');
  const text = (part: string) => {
    const name = open.at(-1)?.name ?? '';
    if (!grammar[name]?.text) {
      if (part.trim() !== '') refuse(`text in <${name}>: ${JSON.stringify(part.trim().slice(0, 80))}`);
    } else if (name === 'system-out') testCase().output += part;
    else testCase().body += part;
  };

  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('a document type'));
  parser.on('comment', () => refuse('a comment'));
  parser.on('processinginstruction', () => refuse('a processing instruction'));
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('opentag', ({ name, attributes }) => {
    const parent = open.at(-1) ?? refuse('an element after the end');
    const rule = grammar[parent.name] ?? refuse(`<${parent.name}>`);
    const before = parent.children.at(-1) ?? '';
    const place = rule.children.indexOf(name);
    if (place < 0) refuse(`<${name}> in <${parent.name}>`);
    if (!rule.many?.includes(name) && parent.children.includes(name)) refuse(`a second <${name}> in <${parent.name}>`);
    if (parent.children.some((earlier) => rule.children.indexOf(earlier) > place))
      refuse(`<${name}> after <${before}>`);
    if (outcomes.includes(name) && parent.children.some((earlier) => outcomes.includes(earlier)))
      refuse(`<${name}> beside <${before}>`);
    const stray = Object.keys(attributes).find((key) => !grammar[name]?.attributes.includes(key));
    if (stray !== undefined) refuse(`attribute ${stray} of <${name}>`);
    parent.children.push(name);
    enter(name, parent.name, attributes);
    open.push({ name, children: [] });
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(xml).close();
  return report;

  function enter(name: string, parent: string, attributes: Attributes): void {
    if (name === 'testsuites') report.attributes = attributes;
    if (name === 'testsuite') report.suites.push({ attributes, properties: [], cases: [] });
    if (name === 'testcase')
      suite().cases.push({ attributes, kind: 'passed', outcome: {}, body: '', output: '', properties: [] });
    if (name === 'property') {
      const owner = open.at(-2)?.name === 'testcase' ? testCase() : suite();
      owner.properties.push([attributes['name'] ?? '', attributes['value'] ?? '']);
    }
    if (parent === 'testcase' && outcomes.includes(name))
      Object.assign(testCase(), { kind: name, outcome: attributes });
  }
}
