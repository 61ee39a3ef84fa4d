import type { Variant } from '../fixtures/variants/variant.ts';
import { countsText } from '../variants/describe.ts';
import { isGreen } from '../variants/outcome.ts';
import type { Result } from '../variants/result.ts';
import { cell } from './markdown.ts';

const generated = '<!-- Made by `npm run docs` from fixtures/variants/ and variants/results/: edit those. -->';

/**
 * `docs/false-alarms.md`: what of the variants was run, and what came out. Pure: the same results give the same bytes.
 *
 * @param checks the digest of the checks as they are now: a result of others says so
 */
export function renderVariants(variants: readonly Variant[], results: readonly Result[], checks: string): string {
  const of = new Map(results.map((result) => [result.variant, result]));
  const run = variants.flatMap((variant) => {
    const result = of.get(variant.id);
    return result ? [{ variant, result }] : [];
  });
  const missing = variants.filter(({ id }) => !of.has(id));
  const green = run.filter(({ result }) => isGreen(result));
  const ofToday = green.filter(({ result }) => result.checks === checks).length;
  return [
    generated,
    '',
    '# False alarms',
    '',
    'A suite that is red on a sound cluster is as useless as one that is never red. `npm run variants` runs all of it on sound',
    'configurations of other kinds, each on a disposable cluster: nothing may be breached, and nothing inconclusive. What a class',
    'does not claim is exposed there as everywhere, and what a node does not have is not applicable.',
    '',
    `${green.length} of ${variants.length} variants were run and stayed green, ${ofToday} of them with the checks as they are today. What was run, when, and what came out:`,
    '',
    '| variant | what differs | node | verdicts | when |',
    '| --- | --- | --- | --- | --- |',
    ...run.map(({ variant, result }) =>
      row(cell(variant.id), cell(variant.differs), nodeOf(result), verdictsOf(result), whenOf(result, checks)),
    ),
    ...alarms(run.map(({ result }) => result)),
    ...(missing.length
      ? ['', '## Not run yet', '', ...missing.map(({ id, differs }) => `- ${cell(id)}: ${cell(differs)}`)]
      : []),
    '',
  ].join('\n');
}

const row = (...columns: string[]): string => `| ${columns.join(' | ')} |`;

function nodeOf({ node, versions }: Result): string {
  const facts = node ? [node.osImage, `Linux ${node.kernel}`, node.containerRuntime, `kubelet ${node.kubelet}`] : [];
  const named = Object.entries(versions).map(([name, version]) =>
    version.startsWith(name) ? version : `${name} ${version}`,
  );
  return cell([...facts, ...named].join(', '));
}

function verdictsOf(result: Result): string {
  if (result.trouble !== undefined) return cell(result.trouble);
  return Object.entries(result.verdicts)
    .map(([handler, counts]) => `${cell(handler)}: ${countsText(counts)}`)
    .join('<br>');
}

const whenOf = ({ finished, suite, meaning, checks }: Result, now: string): string =>
  `${finished.slice(0, 10)}, cofferdam ${suite.version}, meaning ${meaning}${checks === now ? '' : ', with the checks of then'}`;

function alarms(results: readonly Result[]): string[] {
  const raised = results.flatMap(({ variant, alarms }) => alarms.map((alarm) => ({ variant, ...alarm })));
  if (raised.length === 0) return [];
  return [
    '',
    '## Alarms',
    '',
    '| variant | check | handler | verdict | why |',
    '| --- | --- | --- | --- | --- |',
    ...raised.map(({ variant, check, handler, to, verdict, reason }) =>
      row(cell(variant), cell(check), cell(to === undefined ? handler : `${handler} → ${to}`), verdict, cell(reason)),
    ),
  ];
}
