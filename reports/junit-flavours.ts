/** What may stand under an element, in this order; each once, unless it is among `many`. */
export interface ElementRule {
  attributes: readonly string[];
  children: readonly string[];
  many?: readonly string[];
  text?: true;
}

/** One of the two ways to write the same document. */
export interface Flavour {
  fileName: string;
  /** A story stands in its case, with the case's properties; else those of passed cases stand in the suite's output. */
  caseEvidence: boolean;
  /** What is written and nothing else, by element; '' is the document. */
  grammar: Readonly<Record<string, ElementRule>>;
}

const outcomes = ['failure', 'error', 'skipped'];
const counts = ['tests', 'failures', 'errors', 'skipped'];

const shared: Record<string, ElementRule> = {
  '': { attributes: [], children: ['testsuites'] },
  properties: { attributes: [], children: ['property'], many: ['property'] },
  property: { attributes: ['name', 'value'], children: [] },
  failure: { attributes: ['message', 'type'], children: [], text: true },
  error: { attributes: ['message', 'type'], children: [], text: true },
  skipped: { attributes: ['message'], children: [], text: true },
  'system-out': { attributes: [], children: [], text: true },
};

/** What most consumers read: properties and output of a case, and the file that a comment in a code review is put to. */
export const rich: Flavour = {
  fileName: 'junit.xml',
  caseEvidence: true,
  grammar: {
    ...shared,
    testsuites: { attributes: ['name', ...counts], children: ['testsuite'], many: ['testsuite'] },
    testsuite: {
      attributes: ['name', 'timestamp', 'hostname', 'time', ...counts],
      children: ['properties', 'testcase'],
      many: ['testcase'],
    },
    testcase: {
      attributes: ['classname', 'name', 'time', 'file', 'line'],
      children: ['properties', ...outcomes, 'system-out'],
    },
  },
};

/**
 * For consumers that validate. What Jenkins' junit-10.xsd (xUnit plugin) and Ant's JUnit.xsd (windyroad) both allow: no
 * attribute on the root; every suite with `package`, `id` and `hostname`, and with properties and both outputs; a case
 * with nothing but its outcome.
 */
export const strict: Flavour = {
  fileName: 'junit-strict.xml',
  caseEvidence: false,
  grammar: {
    ...shared,
    testsuites: { attributes: [], children: ['testsuite'], many: ['testsuite'] },
    testsuite: {
      attributes: ['package', 'id', 'name', 'timestamp', 'hostname', 'time', ...counts],
      children: ['properties', 'testcase', 'system-out', 'system-err'],
      many: ['testcase'],
    },
    testcase: { attributes: ['classname', 'name', 'time'], children: outcomes },
    'system-err': { attributes: [], children: [] },
  },
};
