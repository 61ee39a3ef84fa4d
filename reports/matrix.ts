import { suiteOf } from '../harness/check.ts';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { worst } from '../harness/judge/judge.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { groups } from './groups.ts';
import type { Group } from './groups.ts';
import { clip } from './layout.ts';
import type { Paint, Style } from './layout.ts';
import { safeLine } from './text.ts';

/** One short word a verdict: it can be read without colour, and searched for. */
export const words: Record<Verdict, string> = {
  held: 'held',
  breached: 'BREACHED',
  inconclusive: 'unclear',
  exposed: 'exposed',
  'not-applicable': 'n/a',
};

/** What a verdict says of the claim, in a few words. */
export const meanings: Record<Verdict, string> = {
  held: 'the claim is true',
  breached: 'it is not',
  inconclusive: 'inconclusive, could not be decided',
  exposed: 'this class does not claim the boundary',
  'not-applicable': 'there is nothing to try',
};

export const styles: Record<Verdict, Style | readonly Style[]> = {
  held: 'green',
  breached: ['bold', 'red'],
  inconclusive: 'yellow',
  exposed: 'cyan',
  'not-applicable': 'dim',
};

/** In which order a reader is told of them. */
export const order: readonly Verdict[] = ['held', 'breached', 'inconclusive', 'exposed', 'not-applicable'];

/** What stands in one place of the matrix. */
export interface Told {
  verdict: Verdict;
  /** Somebody accepts it. It stands all the same, and only one that nobody accepts is told without a word more. */
  accepted: boolean;
}

/** The verdicts of a handler, on nodes where they are the same. */
export interface Column {
  handler: string;
  /** The nodes whose verdicts are the same under every handler. */
  nodes: Group<string>;
  /** By check. */
  verdicts: ReadonlyMap<string, Told>;
}

/** Checks × handlers. Nodes with the same verdicts share their columns; what is too wide continues in a further table. */
export function matrix(run: Run, width: number, paint: Paint): string[] {
  const ids = [...new Set(run.verdicts.map((one) => one.check))];
  const checks = [...Map.groupBy(ids, suiteOf).values()].flat();
  if (checks.length === 0) return [];
  const columns = columnsOf(run);
  const places = columns.flatMap((column) => [...column.verdicts.values()]);
  const cellWidth = Math.max(...places.map((told) => wordOf(told).length));
  const severalNodes = new Set(run.verdicts.map((one) => one.node)).size > 1;
  const labels = checks.map((check) => safeLine(nameOf(check), 120));
  const widest = Math.max(...columns.map((column) => widthOf(column, cellWidth)));
  const labelWidth = Math.min(Math.max(...labels.map((label) => label.length)) + 2, width - widest);
  const table = { checks, labels, labelWidth, cellWidth, severalNodes, paint };
  const lines = split(columns, cellWidth, width - labelWidth).flatMap((part) => [...draw(part, table), '']);
  return [...lines, ...sharedNodes(columns), ...legend(places, width, paint)];
}

/** One column a handler and node, but for nodes with the same verdicts under every handler. */
export function columnsOf(run: Run): Column[] {
  const byNode = groups(run.verdicts, (one) => one.node);
  const alike = groups(byNode, (verdicts) =>
    JSON.stringify(handlersOf(verdicts).map((one) => [one.handler, ...one.verdicts])),
  );
  return alike.flatMap((same) => {
    const [[{ node }], ...others] = same;
    const nodes: Group<string> = [node, ...others.map(([one]) => one.node)];
    return handlersOf(same[0]).map((column) => ({ ...column, nodes }));
  });
}

/** A path counts for the handler it comes from; of several, the worst. */
const handlersOf = (verdicts: readonly JudgedCheck[]): Omit<Column, 'nodes'>[] =>
  groups(verdicts, (one) => one.handler).map((ofHandler) => ({
    handler: ofHandler[0].handler,
    verdicts: new Map(groups(ofHandler, (one) => one.check).map((all) => [all[0].check, worstOf(all)])),
  }));

/** The worst of several verdicts; accepted when each that is as bad is. */
export function worstOf(verdicts: Group<JudgedCheck>): Told {
  const { verdict } = worst(verdicts) ?? verdicts[0];
  return { verdict, accepted: verdicts.every((one) => one.verdict !== verdict || one.deviation !== undefined) };
}

/** Behind the word of a verdict that somebody accepts. */
export const acceptedMark = '(accepted)';

const wordOf = ({ verdict, accepted }: Told): string => words[verdict] + (accepted ? ` ${acceptedMark}` : '');

const widthOf = (column: Column, cellWidth: number): number => Math.max(cellWidth, headerOf(column).length) + 2;
const headerOf = ({ handler }: Column): string => clip(safeLine(handler, 40), 20);

function split(columns: readonly Column[], cellWidth: number, room: number): Column[][] {
  const parts: Column[][] = [];
  let left = 0;
  for (const column of columns) {
    const wide = widthOf(column, cellWidth);
    const part = parts.at(-1);
    if (part && wide <= left) {
      part.push(column);
      left -= wide;
    } else {
      parts.push([column]);
      left = room - wide;
    }
  }
  return parts;
}

interface Table {
  checks: readonly string[];
  labels: readonly string[];
  labelWidth: number;
  cellWidth: number;
  severalNodes: boolean;
  paint: Paint;
}

function draw(
  columns: readonly Column[],
  { checks, labels, labelWidth, cellWidth, severalNodes, paint }: Table,
): string[] {
  const lines: string[] = [];
  const gap = ' '.repeat(labelWidth);
  if (severalNodes) {
    const byNodes = [...Map.groupBy(columns, (column) => column.nodes).entries()];
    const spans = byNodes.map(([nodes, group]) => {
      const wide = group.reduce((sum, column) => sum + widthOf(column, cellWidth), 0);
      return `  ${clip(nodesLabel(nodes), wide - 2)}`.padEnd(wide);
    });
    lines.push(paint('bold', `${gap}${spans.join('')}`.trimEnd()));
  }
  const headers = columns.map((column) => `  ${headerOf(column)}`.padEnd(widthOf(column, cellWidth)));
  lines.push(paint('bold', `${gap}${headers.join('')}`.trimEnd()));
  let folder: string | undefined;
  checks.forEach((check, index) => {
    if (suiteOf(check) !== folder) {
      folder = suiteOf(check);
      lines.push(paint('bold', clip(safeLine(folder, 120), labelWidth)));
    }
    const cells = columns.map((column) => {
      const told = column.verdicts.get(check);
      const word = told ? wordOf(told) : '·';
      const style = told ? styles[told.verdict] : 'dim';
      return { text: word.padEnd(widthOf(column, cellWidth) - 2), style };
    });
    const last = cells.at(-1);
    if (last) last.text = last.text.trimEnd();
    const label = `  ${clip(labels[index] ?? check, labelWidth - 2)}`.padEnd(labelWidth);
    lines.push(label + cells.map(({ text, style }) => `  ${paint(style, text)}`).join(''));
  });
  return lines;
}

/** `node-a +2`. */
export const nodesLabel = (nodes: Group<string>): string =>
  `${safeLine(nodes[0], 60)}${nodes.length > 1 ? ` +${nodes.length - 1}` : ''}`;

function sharedNodes(columns: readonly Column[]): string[] {
  const shared = [...new Set(columns.map((column) => column.nodes))].filter((nodes) => nodes.length > 1);
  if (shared.length === 0) return [];
  return [
    ...shared.map(
      (nodes) => `${nodesLabel(nodes)}: the same verdicts on ${listed(nodes.map((node) => safeLine(node, 60)))}`,
    ),
    '',
  ];
}

function legend(places: readonly Told[], width: number, paint: Paint): string[] {
  const entries = order
    .filter((verdict) => places.some((told) => told.verdict === verdict))
    .map((verdict) => `${words[verdict]}: ${meanings[verdict]}`);
  if (places.some(({ accepted }) => accepted)) entries.push(`${acceptedMark}: it stands, and a deviation accepts it`);
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 3 + entry.length <= width) lines[lines.length - 1] = `${last} · ${entry}`;
    else lines.push(entry);
  }
  return lines.map((line) => paint('dim', line));
}

/** A check without its folder. */
export const nameOf = (check: string): string => check.slice(suiteOf(check).length + 1) || check;

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 6): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
