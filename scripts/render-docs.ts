import { isolationClasses, suiteOf } from '../harness/check.ts';
import type { Check } from '../harness/check.ts';
import { describeExpectation } from '../harness/judge/evaluate.ts';
import { describeMethod, methodOf } from '../harness/method.ts';
import { cell, text } from './markdown.ts';
import { renderRequirements } from './render-requirements.ts';

const generated = '<!-- Made by `npm run docs` from suites/ and requirements/: edit those. -->';

/** All pages about the checks, by their file. Pure: the same checks give the same bytes. */
export function renderDocs(checks: readonly Check[]): Map<string, string> {
  const bySuite = Map.groupBy(checks, (check) => suiteOf(check.id));
  return new Map([
    ['docs/checks/README.md', overview(bySuite)],
    ...[...bySuite].map(([suite, members]): [string, string] => [`docs/checks/${suite}.md`, page(suite, members)]),
    ['docs/requirements.md', [generated, '', renderRequirements(checks)].join('\n')],
    ['docs/catalogue.json', `${JSON.stringify(checks.map(asData), undefined, 2)}\n`],
  ]);
}

/** What differs between the pages as they should be and as they are. `actual` has undefined for a page that is missing. */
export function differences(
  wanted: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string | undefined>,
): { file: string; what: string }[] {
  return [...new Set([...wanted.keys(), ...actual.keys()])].flatMap((file) => {
    const should = wanted.get(file);
    const is = actual.get(file);
    if (should === is) return [];
    if (should === undefined) return [{ file, what: `${file}: there is no such suite any more` }];
    if (is === undefined) return [{ file, what: `${file}: is missing` }];
    const [shouldLines, isLines] = [should.split('\n'), is.split('\n')];
    const at = shouldLines.findIndex((line, index) => line !== isLines[index]);
    const line = at < 0 ? shouldLines.length : at;
    const show = (lines: string[]) => lines[line]?.slice(0, 160) ?? '(the end)';
    return [{ file, what: `${file}:${line + 1}: is stale\n  - ${show(isLines)}\n  + ${show(shouldLines)}` }];
  });
}

function overview(bySuite: ReadonlyMap<string, Check[]>): string {
  const count = [...bySuite.values()].reduce((sum, members) => sum + members.length, 0);
  return [
    generated,
    '',
    '# Checks',
    '',
    `${count} checks in ${bySuite.size} suites. A check is held only if its attempt was stopped and its control got through.`,
    '',
    '| check | claim | touch |',
    '| --- | --- | --- |',
    ...[...bySuite].flatMap(([suite, members]) =>
      members.map((check) => `| [${check.id}](${suite}.md#${nameOf(check)}) | ${cell(check.claim)} | ${check.touch} |`),
    ),
    '',
  ].join('\n');
}

function page(suite: string, checks: readonly Check[]): string {
  return [generated, '', `# ${suite}`, '', ...checks.flatMap(section)].join('\n');
}

function section(check: Check): string[] {
  return [
    `## ${nameOf(check)}`,
    '',
    `**${text(check.claim)}** ${text(check.because)}`,
    '',
    ...describeMethod(check).map((step) => `- ${step.label}: ${text(step.text)}`),
    `- Touch: ${check.touch}`,
    `- Requirements (supported, never fulfilled, by a held verdict): ${check.requirements.join(', ') || 'none'}`,
    ...check.references.map((reference) => `- Reference: <${reference}>`),
    '',
    '| isolation class | expected |',
    '| --- | --- |',
    ...isolationClasses.map((name) => `| ${name} | ${cell(describeExpectation(check.expect[name]))} |`),
    ...Object.entries(check.expectInUserNamespace ?? {}).map(
      ([name, expected]) => `| ${name}, with \`--user-namespaces\` | ${cell(describeExpectation(expected))} |`,
    ),
    '',
  ];
}

/** A check as data, for whoever maps controls to checks. */
function asData(check: Check) {
  const { subject, attempts, decided, control } = methodOf(check);
  return {
    id: check.id,
    suite: suiteOf(check.id),
    scope: check.scope,
    claim: check.claim,
    because: check.because,
    ...(subject && { subject }),
    attempts,
    [decided.as === 'Held' ? 'heldWhen' : 'crossedWhen']: decided.when,
    ...(control && { control }),
    expect: Object.fromEntries(isolationClasses.map((name) => [name, describeExpectation(check.expect[name])])),
    ...(check.expectInUserNamespace && {
      expectInUserNamespace: Object.fromEntries(
        Object.entries(check.expectInUserNamespace).map(([name, expected]) => [name, describeExpectation(expected)]),
      ),
    }),
    touch: check.touch,
    requirements: check.requirements,
    references: check.references,
  };
}

const nameOf = (check: Check): string => check.id.slice(suiteOf(check.id).length + 1);
