import { SaxesParser } from 'saxes';
import type { CaseKind, Property } from './junit-document.ts';
import { rich } from './junit-flavours.ts';
import type { Flavour } from './junit-flavours.ts';

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

/** A `<testsuite>` likewise. */
export interface ParsedSuite {
  attributes: Attributes;
  properties: Property[];
  /** The suite's own, not its cases'. */
  output: string;
  cases: ParsedCase[];
}

const outcomes: readonly string[] = ['failure', 'error', 'skipped'] satisfies CaseKind[];

/** A whole file. */
export interface ParsedJunit {
  attributes: Attributes;
  suites: ParsedSuite[];
}

/** Reads a file strictly: whatever is not in the flavour's grammar was not written by cofferdam, and throws. */
export function parseJunit(xml: string, { fileName, grammar }: Flavour = rich): ParsedJunit {
  const report: ParsedJunit = { attributes: {}, suites: [] };
  const open: { name: string; children: string[] }[] = [{ name: '', children: [] }];
  const parser = new SaxesParser();
  const refuse = (why: string): never => {
    throw new Error(`${fileName} is not as cofferdam writes it, line ${parser.line}: ${why}`);
  };
  const suite = () => report.suites.at(-1) ?? refuse('no suite');
  const testCase = () => suite().cases.at(-1) ?? refuse('no case');
  const text = (part: string) => {
    const name = open.at(-1)?.name ?? '';
    if (!grammar[name]?.text) {
      if (part.trim() !== '') refuse(`text in <${name}>: ${JSON.stringify(part.trim().slice(0, 80))}`);
    } else if (name === 'system-out') (open.at(-2)?.name === 'testcase' ? testCase() : suite()).output += part;
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
    if (name === 'testsuite') report.suites.push({ attributes, properties: [], output: '', cases: [] });
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
