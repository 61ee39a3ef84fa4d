import junitReportBuilder from 'junit-report-builder';
import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import type { Run } from '../harness/evidence.ts';
import type { Details } from './details.ts';
import { junitDocument } from './junit-document.ts';
import type { JunitCase, JunitSuite } from './junit-document.ts';

/** The package is CommonJS and exports the builder itself; its types say that it has a default export. */
const builder = junitReportBuilder as unknown as Builder;

/** junit.xml of a run. Compare what was written with `checkJunit`. */
export function junit(run: Run, details: Details): string {
  return writeDocument(junitDocument(run, details));
}

/** Writes what is safe already: junit-report-builder alone lets text close its CDATA and add elements of its own. */
export function writeDocument(suites: readonly JunitSuite[]): string {
  const report = builder.newBuilder().name('cofferdam');
  for (const suite of suites) writeSuite(report.testSuite(), suite);
  return report.build();
}

function writeSuite(element: TestSuite, { name, timestamp, hostname, properties, cases }: JunitSuite): void {
  // Attempts of all checks are made side by side, so that no case has a time of its own; readers of floats want a number.
  element.name(name).timestamp(timestamp).time(0);
  for (const [key, value] of properties) element.property(key, value);
  for (const one of cases) writeCase(element.testCase(), one);
  if (hostname !== undefined) whenBuilt(element, (built) => built.att('hostname', hostname));
}

function writeCase(element: TestCase, { classname, name, kind, type, message, body, properties }: JunitCase): void {
  element.className(classname).name(name).time(0).standardOutput(body);
  for (const [key, value] of properties) element.property(key, value);
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

/** The builder knows neither the host of a suite nor the message of a skipped case; its elements do once they are built. */
function whenBuilt(node: TestCase | TestSuite, finish: (built: Built) => void): void {
  const build: (parent: Built) => Built = node.build.bind(node);
  node.build = (parent: Built) => {
    const built = build(parent);
    finish(built);
    return built;
  };
}
