import type { Command } from 'commander';
import { profiles } from '../fixtures/profiles.ts';
import { loadCatalogue } from '../harness/catalogue.ts';
import { describeAttempt, isolationClasses } from '../harness/check.ts';
import type { Check } from '../harness/check.ts';
import { UsageError } from '../harness/usage.ts';
import { describeExpectation } from '../harness/evaluate.ts';
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

function how(check: Check): string[] {
  switch (check.scope) {
    case 'cell': {
      const { profile, on, attempt } = check.control;
      const where = on === 'reference' ? 'the reference handler' : 'the same handler, else the reference handler';
      return [
        `Subject:  ${check.subject} (${profiles[check.subject].summary})`,
        ...check.attempts.map((one, index) => `${index ? '         ' : 'Attempt: '} ${describeAttempt(one)}`),
        `Crossed:  when ${check.reached.crossedWhen}`,
        `Control:  ${attempt ? describeAttempt(attempt) : 'the same'}, in ${profile} under ${where}, which must get through`,
      ];
    }
    case 'path':
      return [
        `Attempt:  one tenant's client sends numbered nonces over ${check.network} to another tenant's ${check.server} server`,
        check.phase === 'closed'
          ? 'Crossed:  when a nonce arrives at the server while the policy stands'
          : 'Held:     when a nonce arrives at the server',
        ...(check.phase === 'closed'
          ? ['Control:  the same path before the policy, and after it was lifted, on which nonces must arrive']
          : []),
      ];
    case 'attribution':
      return [`Judged:   from what the harness and the witness saw of every pod of the cell (${check.about})`];
  }
}
