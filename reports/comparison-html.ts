import { changes, countChanges } from '../evidence/comparison.ts';
import type { ComparedCheck, Comparison, FailOn } from '../evidence/comparison.ts';
import { changeTitles, comparisonSentence, placeOf, runOf, verdictsOf } from './comparison.ts';
import { safeLine, safeText } from './text.ts';

/** Container text stays text: made safe as for every report, then escaped for HTML. */
const escape = (text: string): string =>
  safeText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; opacity: .75; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: .25rem 0; } details { border-bottom: 1px solid #8884; }
code { font: .85rem/1.4 ui-monospace, monospace; white-space: pre-wrap; }
.result { font-weight: 600; }
@media print { details > * { display: block; } }
`.trim();

/** A comparison as one page that needs nothing else: no script, no request, readable on paper. */
export function comparisonHtml(comparison: Comparison, failOn: FailOn | undefined): string {
  const counts = countChanges(comparison);
  const sections = changes
    .filter((change) => counts[change] > 0)
    .map((change) => {
      const checks = comparison.checks.filter((one) => one.change === change);
      const rows = checks.map((one) => entry(one)).join('\n');
      const title = `${escape(changeTitles[change])} (${checks.length})`;
      // The many of which there is nothing to tell.
      if (change === 'unchanged')
        return `<h2>${title}</h2>\n<details><summary>Show them</summary>\n${rows}\n</details>`;
      return `<h2>${title}</h2>\n${rows}`;
    });
  const surroundings = comparison.surroundings.length
    ? table(
        'What was tested differs in',
        ['', 'old', 'new'],
        comparison.surroundings.map(({ what, before, after }) => [what, before, after]),
      )
    : '<p>What was tested has the same versions.</p>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cofferdam: ${escape(safeLine(comparison.before.run, 40))} against ${escape(safeLine(comparison.after.run, 40))}</title>
<style>
${style}
</style>
</head>
<body>
<main>
<h1>Comparison of two runs</h1>
<p>Old: ${escape(runOf(comparison.before))}<br>New: ${escape(runOf(comparison.after))}</p>
<p class="result">${escape(comparisonSentence(comparison, failOn))}</p>
${surroundings}
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function entry(compared: ComparedCheck): string {
  const { check, because, differences, before, after, change } = compared;
  const title = `${check} (${placeOf(compared)}): ${verdictsOf(compared)}`;
  if (change === 'unchanged') return `<div>${escape(title)}</div>`;
  const facts: [string, string][] = [
    ['old', before ? `${before.verdict}: ${before.reason}` : 'not there'],
    ['new', after ? `${after.verdict}: ${after.reason}` : 'not there'],
    ...(because === undefined ? [] : [['incomparable', because] satisfies [string, string]]),
  ];
  const details = differences.length
    ? table(
        'What differs',
        ['', 'old', 'new'],
        differences.map(({ what, before: old, after: now }) => [what, old, now]),
      )
    : '';
  const open = change === 'regressed' || change === 'gone' || change === 'incomparable' ? ' open' : '';
  return `<details${open}><summary>${escape(title)}</summary>\n${table('Verdicts', ['', ''], facts)}\n${details}</details>`;
}

function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = ([first = '', ...rest]: readonly string[]) =>
    `<tr><th scope="row">${escape(first)}</th>${rest.map((cell) => `<td><code>${escape(cell)}</code></td>`).join('')}</tr>`;
  const columns = head.some((one) => one !== '')
    ? `<thead><tr>${head.map((one) => `<th scope="col">${escape(one)}</th>`).join('')}</tr></thead>\n`
    : '';
  return `<table><caption>${escape(caption)}</caption>\n${columns}<tbody>\n${rows.map(row).join('\n')}\n</tbody></table>`;
}
