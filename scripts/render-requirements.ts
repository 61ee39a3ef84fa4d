import { checksByRequirement, frameworks, supportMeans } from '../requirements/index.ts';
import { cell } from './markdown.ts';

/** The page about requirements: what tests what, and what nothing tests. Pure, like the pages about the checks. */
export function renderRequirements(checks: readonly { id: string; requirements: readonly string[] }[]): string {
  const tested = checksByRequirement(checks);
  return [
    '# Requirements',
    '',
    'A held verdict supports a requirement and never fulfils it: a test looks at some nodes at one moment. What a',
    "requirement asks is told in our words; the texts are their publishers'.",
    '',
    '| support | the requirement |',
    '| --- | --- |',
    ...Object.entries(supportMeans).map(([support, means]) => `| ${support} | ${cell(means)} |`),
    '| none | is tested by nothing; the reason stands beside it |',
    '',
    ...frameworks.flatMap(({ key, version, name, source, requirements }) => [
      `## ${key}@${version}`,
      '',
      `${name}: <${source}>`,
      '',
      '| id | asks | support | checks |',
      '| --- | --- | --- | --- |',
      ...Object.entries(requirements).map(([id, { asks, support, untested }]) => {
        const names = (tested.get(`${key}@${version}#${id}`) ?? []).map(link).join(', ');
        const who = untested === undefined ? `${support} | ${names}` : `none | ${cell(untested)}`;
        return `| ${cell(id)} | ${cell(asks)} | ${who} |`;
      }),
      '',
    ]),
  ].join('\n');
}

function link(check: string): string {
  const [suite = '', name = ''] = check.split('/');
  return `[${name}](checks/${suite}.md#${name})`;
}
