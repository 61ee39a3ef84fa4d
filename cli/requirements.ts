import type { Command } from 'commander';
import { loadCatalogue } from '../harness/catalogue.ts';
import type { Check } from '../harness/check.ts';
import { UsageError } from '../harness/usage.ts';
import { checksByRequirement, requirements, supportMeans } from '../requirements/index.ts';
import type { KnownRequirement } from '../requirements/index.ts';
import { print } from './output.ts';

export function addRequirements(program: Command): void {
  program
    .command('requirements [id]')
    .description('show which requirements of standards the checks support, and which nothing tests')
    .option('--json', 'with everything that is known of them')
    .addHelpText(
      'after',
      '\nID is a framework (nist-800-53), a reference (nist-800-53@5.1.1#SC-39) or the end of one (SC-39).\nA held verdict supports a requirement. It never fulfils one.',
    )
    .action(async (id: string | undefined, { json }: { json?: boolean }) => {
      const checks = await loadCatalogue();
      const chosen = selectRequirements(id);
      if (json) return print(JSON.stringify(asData(chosen, checks), undefined, 2));
      const [only] = chosen;
      print(only && chosen.length === 1 ? explainRequirement(only, checks) : listRequirements(chosen, checks));
    });
}

/** All without an id; else those of a framework, or those whose reference ends so. Throws on an id that is nobody's. */
export function selectRequirements(id: string | undefined): KnownRequirement[] {
  const all = [...requirements.values()];
  if (id === undefined) return all;
  const found = all.filter(({ reference, framework: { key, version }, ...one }) =>
    [key, `${key}@${version}`, reference, one.id].includes(id),
  );
  if (found.length > 0) return found;
  const near = all.filter(({ reference }) => reference.toLowerCase().includes(id.toLowerCase()));
  const hint = near.length
    ? `; perhaps ${near
        .slice(0, 3)
        .map((one) => one.reference)
        .join(', ')}`
    : '';
  throw new UsageError(`there is no requirement or framework ${id}${hint} (cofferdam requirements shows all)`);
}

/** A line each, by framework, and how many of them nothing tests. */
export function listRequirements(chosen: readonly KnownRequirement[], checks: ReadonlyMap<string, Check>): string {
  const tested = checksByRequirement(checks.values());
  const byFramework = Map.groupBy(chosen, ({ framework }) => framework);
  const sections = [...byFramework].map(([{ key, version, name }, members]) => {
    const width = Math.max(...members.map((one) => one.id.length));
    const lines = members.map((one) => {
      const count = tested.get(one.reference)?.length ?? 0;
      const who = one.untested === undefined ? `${one.support}, ${many(count, 'check')}` : `nothing: ${one.untested}`;
      return `  ${one.id.padEnd(width)}  ${one.asks}\n  ${' '.repeat(width)}    ${who}`;
    });
    return `${key}@${version}  ${name}\n${lines.join('\n')}\n`;
  });
  const without = chosen.filter((one) => one.untested !== undefined).length;
  return [
    ...sections,
    ...Object.entries(supportMeans).map(([support, means]) => `${support}: ${means}`),
    '',
    `${many(chosen.length, 'requirement')}: ${chosen.length - without} supported (never fulfilled) by held verdicts, ${without} by nothing.`,
    'More of one: cofferdam requirements ID',
  ].join('\n');
}

/** One requirement, and each check that supports it, for a reader who knows neither. */
export function explainRequirement(one: KnownRequirement, checks: ReadonlyMap<string, Check>): string {
  const tested = checksByRequirement(checks.values()).get(one.reference) ?? [];
  return [
    one.reference,
    '',
    `  ${one.framework.name}, ${one.framework.version}, ${one.id}`,
    `  ${one.framework.source}`,
    '',
    `  ${one.asks} (Our words; the text is the publisher's.)`,
    `  Support: ${one.support}: it ${one.support === 'technique' ? 'is ' : ''}${supportMeans[one.support]}. A held verdict never fulfils it.`,
    '',
    ...(one.untested === undefined
      ? [
          `  Tested by ${many(tested.length, 'check')}:`,
          ...tested.map((id) => `    ${id}\n        ${checks.get(id)?.claim ?? ''}`),
        ]
      : [`  Tested by nothing. ${one.untested}.`]),
  ].join('\n');
}

const asData = (chosen: readonly KnownRequirement[], checks: ReadonlyMap<string, Check>) => {
  const tested = checksByRequirement(checks.values());
  return chosen.map(({ reference, id, asks, support, untested, framework: { key, version, name, source } }) => ({
    reference,
    framework: { key, version, name, source },
    id,
    asks,
    support,
    ...(untested !== undefined && { untested }),
    checks: tested.get(reference) ?? [],
  }));
};

const many = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;
