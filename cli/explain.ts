import type { Command } from 'commander';
import { loadCatalogue } from '../harness/catalogue.ts';
import { isolationClasses } from '../harness/check.ts';
import type { Check } from '../harness/check.ts';
import { UsageError } from '../harness/usage.ts';
import { describeExpectation } from '../harness/judge/evaluate.ts';
import { describeMethod } from '../harness/method.ts';
import { requirements } from '../requirements/index.ts';
import { print } from './output.ts';

export function addExplain(program: Command): void {
  program
    .command('explain <check>')
    .description('explain a check: what it claims, why it matters, what it tries and when it fails')
    .action(async (id: string) => {
      const checks = await loadCatalogue();
      const found = [...checks.values()].filter((check) => check.id === id || check.id.endsWith(`/${id}`));
      const [check] = found;
      if (!check) {
        const near = [...checks.keys()].filter((known) =>
          id.split(/[/-]/).some((word) => word.length > 2 && known.includes(word)),
        );
        throw new UsageError(
          `there is no check ${id}${near.length ? `; perhaps ${near.slice(0, 3).join(', ')}` : ''} (cofferdam list shows all)`,
        );
      }
      print(explain(check));
    });
}

/** A check for a reader who has never seen it. */
export function explain(check: Check): string {
  return [
    check.id,
    '',
    `  ${check.claim}`,
    `  ${check.because}`,
    '',
    ...how(check).map((line) => `  ${line}`),
    '',
    '  Expected',
    ...isolationClasses.map((name) => `    ${`${name}:`.padEnd(20)} ${describeExpectation(check.expect[name])}`),
    ...Object.entries(check.expectInUserNamespace ?? {}).map(
      ([name, expected]) => `    ${name}, with --user-namespaces: ${describeExpectation(expected)}`,
    ),
    '',
    `  Touch:        ${check.touch}`,
    ...check.references.map((reference, index) => `  ${index ? '             ' : 'References:  '} ${reference}`),
    '',
    '  Requirements (supported, never fulfilled, by a held verdict)',
    ...check.requirements.map(supported),
  ].join('\n');
}

/** A requirement with what it asks for, and how far a held verdict goes. */
function supported(reference: string): string {
  const known = requirements.get(reference);
  return known ? `    ${reference}\n        ${known.asks} (${known.support})` : `    ${reference}`;
}

/** The steps under each other; of several with one label only the first shows it. */
function how(check: Check): string[] {
  const steps = describeMethod(check);
  return steps.map(({ label, text }, index) => {
    const shown = steps[index - 1]?.label === label ? '' : `${label}:`;
    return `${shown.padEnd(9)} ${text}`;
  });
}
