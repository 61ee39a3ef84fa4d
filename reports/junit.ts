import junitReportBuilder from 'junit-report-builder';
import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import type { Run } from '../harness/evidence.ts';
import type { Details } from './details.ts';
import { junitDocument, passedStories, reportName, strictHost } from './junit-document.ts';
import type { JunitCase, JunitSuite } from './junit-document.ts';
import { rich } from './junit-flavours.ts';

/** The package is CommonJS and exports the builder itself; its types say that it has a default export. */
const builder = junitReportBuilder as unknown as Builder;

/** The JUnit file of a run. Compare what was written with `checkJunit`. */
export const junit = (run: Run, details: Details, flavour = rich): string =>
  writeDocument(junitDocument(run, details), flavour);

/** Writes what is safe already: junit-report-builder alone lets text close its CDATA and add elements of its own. */
export function writeDocument(suites: readonly JunitSuite[], flavour = rich): string {
  const report = builder.newBuilder();
  if (flavour.caseEvidence) report.name(reportName);
  else whenBuilt(rootOf(report), (built) => built.removeAttribute(Object.keys(built.attribs)));
  suites.forEach((suite, index) => {
    if (flavour.caseEvidence) writeSuite(report.testSuite(), suite);
    else writeStrictSuite(report.testSuite(), suite, index);
  });
  return report.build();
}

function writeSuite(element: TestSuite, suite: JunitSuite): void {
  describeSuite(element, suite);
  for (const one of suite.cases) {
    const { file, line, body, properties } = one;
    const testCase = element.testCase().standardOutput(body);
    if (file !== undefined) testCase.file(file);
    if (line !== undefined) whenBuilt(testCase, (built) => built.att('line', line));
    for (const [key, value] of properties) testCase.property(key, value);
    writeCase(testCase, one);
  }
  const { hostname } = suite;
  if (hostname !== undefined) whenBuilt(element, (built) => built.att('hostname', hostname));
}

/** A case holds nothing but its outcome; so what passed is told by the suite. */
function writeStrictSuite(element: TestSuite, suite: JunitSuite, index: number): void {
  describeSuite(element, suite);
  for (const one of suite.cases) writeCase(element.testCase(), one);
  whenBuilt(element, (built) => {
    built.att('package', reportName).att('id', index).att('hostname', strictHost(suite));
    built.ele('system-out').cdata(passedStories(suite));
    built.ele('system-err');
  });
}

function describeSuite(element: TestSuite, { name, timestamp, properties }: JunitSuite): void {
  // Attempts of all checks are made side by side, so that no case has a time of its own; readers of floats want a number.
  element.name(name).timestamp(timestamp).time(0);
  for (const [key, value] of properties) element.property(key, value);
}

function writeCase(element: TestCase, { classname, name, kind, type, message, body }: JunitCase): void {
  element.className(classname).name(name).time(0);
  switch (kind) {
    case 'passed':
      return;
    case 'failure':
      element.failure(message, type).stacktrace(body);
      return;
    case 'error':
      element.error(message, type, body);
      return;
    case 'skipped':
      element.skipped();
      whenBuilt(element, (built) => {
        const skipped = built.children.find((child) => 'name' in child && child.name === 'skipped') as
          Built | undefined;
        if (!skipped) throw new Error('junit-report-builder wrote no <skipped>');
        skipped.att('message', message).txt(body);
      });
  }
}

type Built = ReturnType<TestCase['build']>;

/** The root is written with attributes that strict consumers refuse, and the builder keeps it to itself. */
const rootOf = (report: Builder): TestSuite => (report as unknown as { _rootTestSuites: TestSuite })._rootTestSuites;

/** What the builder does not know how to write, its elements do once they are built. */
function whenBuilt(node: TestCase | TestSuite, finish: (built: Built) => void): void {
  const build: (parent: Built) => Built = node.build.bind(node);
  node.build = (parent: Built) => {
    const built = build(parent);
    finish(built);
    return built;
  };
}
