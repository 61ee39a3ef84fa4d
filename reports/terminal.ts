import type { Cell, Run } from '../harness/evidence.ts';
import { duration } from '../harness/progress.ts';
import { conclude, countVerdicts } from './conclusion.ts';
import { deviationSentence } from './deviations.ts';
import { findings } from './findings.ts';
import type { Details } from './details.ts';
import { groups } from './groups.ts';
import { painter, wrap } from './layout.ts';
import type { Paint } from './layout.ts';
import { listed, matrix, styles } from './matrix.ts';
import { proofSentence } from './proof.ts';
import { safeLine } from './text.ts';

export interface TerminalOptions {
  color: boolean;
  /** Columns. */
  width: number;
}

const narrowest = 60;
const mostTroubles = 20;

/** The result of a run for a person at a terminal, or in a CI log: what was tested, what held, and why the rest did not. */
export function terminalReport(run: Run, details: Details, options: TerminalOptions): string {
  const width = Math.max(narrowest, options.width);
  const paint = painter(options.color);
  const lines = [
    ...header(run, width, paint),
    '',
    ...matrix(run, width, paint),
    '',
    ...findings(run, details, width, paint),
    ...deviations(run, width, paint),
    ...troubles(run, width, paint),
    ...proof(run, width),
    ...summary(run, width, paint),
  ];
  return lines.filter((line, index) => line !== '' || lines[index - 1] !== '').join('\n');
}

function header(run: Run, width: number, paint: Paint): string[] {
  const took = duration(Date.parse(run.run.finished) - Date.parse(run.run.started));
  const slow =
    run.run.slowness > 1.5 ? `, the cluster was ${run.run.slowness.toFixed(1)} times slower than expected` : '';
  const cluster = `Kubernetes ${safeLine(run.cluster.version ?? 'of unknown version', 40)}`;
  const title = `Cofferdam ${safeLine(run.suite.version, 40)} (meaning ${run.meaning}) · run ${safeLine(run.run.id, 40)} · ${cluster} · ${took}${slow}`;
  const [first = '', ...rest] = wrap(title, width, 0, 2);
  const nodes = run.nodes.map(
    ({ name, kernel, containerRuntime }) =>
      `${safeLine(name, 60)} (Linux ${safeLine(kernel, 60)}, ${safeLine(containerRuntime, 60)})`,
  );
  return [
    paint('bold', first),
    ...rest,
    ...wrap(`${run.nodes.length === 1 ? 'Node' : `${run.nodes.length} nodes`}: ${listed(nodes, 8)}`, width, 0, 2),
    ...cells(run, width),
  ];
}

/** Handlers, with what they promise and who says so; the same on several nodes is said once. */
function cells(run: Run, width: number): string[] {
  const facts = ({ handler, runtimeClass, isolationClass, claimedBy, tested, reference, userNamespaces }: Cell) => {
    const role = reference ? (tested ? '; also the reference' : '; the reference, for controls only') : '';
    const asked = userNamespaces ? ', in user namespaces' : '';
    const named =
      runtimeClass !== null && runtimeClass !== handler ? `, RuntimeClass ${safeLine(runtimeClass, 60)}` : '';
    return {
      handler: safeLine(handler, 60),
      promise: isolationClass ?? 'class unknown',
      more: `${asked}${named}, claimed by: ${safeLine(claimedBy, 200)}${role}`,
    };
  };
  const alike = groups(run.cells, (cell) => JSON.stringify(facts(cell)));
  const longest = Math.max(0, ...alike.map((same) => facts(same[0]).handler.length));
  return alike.flatMap((same) => {
    const { handler, promise, more } = facts(same[0]);
    const where = same.length < run.nodes.length ? ` (on ${listed(same.map((cell) => safeLine(cell.node, 60)))})` : '';
    const indent = Math.min(longest, 24) + 4;
    const text = wrap(`${promise}${more}${where}`, width, indent);
    return handler.length > indent - 4
      ? [`  ${handler}`, ...text]
      : [`  ${handler.padEnd(indent - 2)}${(text[0] ?? '').slice(indent)}`, ...text.slice(1)];
  });
}

/** Every deviation that the run was given: one that is not needed any more is told too. */
function deviations({ deviations: given }: Run, width: number, paint: Paint): string[] {
  if (!given || given.entries.length === 0) return [];
  const [first = '', ...rest] = wrap(
    `Deviations (${given.entries.length}), of ${safeLine(given.file, 100)}`,
    width,
    0,
    2,
  );
  const lines = given.entries.flatMap((one) => wrap(safeLine(deviationSentence(one)), width, 2, 6));
  return [paint('yellow', first), ...rest, ...lines, ''];
}

function troubles(run: Run, width: number, paint: Paint): string[] {
  if (run.troubles.length === 0) return [];
  const alike = Map.groupBy(run.troubles, ({ what, cause }) => `${safeLine(what, 200)}: ${safeLine(cause, 400)}`);
  const lines = [...alike]
    .slice(0, mostTroubles)
    .flatMap(([text, same]) => wrap(`${text}${same.length > 1 ? ` (${same.length} times)` : ''}`, width, 2, 6));
  const more = alike.size > mostTroubles ? [`  and ${alike.size - mostTroubles} more in run.json`] : [];
  return [paint('yellow', `Went wrong on the way (${run.troubles.length})`), ...lines, ...more, ''];
}

function proof(run: Run, width: number): string[] {
  const sentence = proofSentence(run);
  return sentence === undefined ? [] : [...wrap(sentence, width), ''];
}

function summary(run: Run, width: number, paint: Paint): string[] {
  const { held, breached, inconclusive, exposed, 'not-applicable': none } = countVerdicts(run);
  const { verdict, sentence } = conclude(run);
  const counts = `${held} held · ${breached} breached · ${inconclusive} inconclusive · ${exposed} exposed · ${none} not applicable`;
  const style = verdict === 'held' && held === 0 ? styles.exposed : styles[verdict];
  return [...wrap(counts, width), ...wrap(sentence, width).map((line) => paint(style, line))];
}
