import type { ContainerEvidence, JudgedCheck, Run } from '../../harness/evidence.ts';
import type { Source, Sources } from '../details.ts';
import { safeText } from '../text.ts';
import { h } from './markup.ts';
import type { Markup } from './markup.ts';

/** Of one observation: enough to see what was seen. The whole of it is in run.json. */
const limit = 1200;

/** What the subject, the node's witness and the control recorded, as they recorded it; undefined when there is nothing. */
export function recorded(judged: JudgedCheck, sources: Sources | undefined, run: Run): Markup | undefined {
  if (!sources) return undefined;
  const found = sources.attempts.flatMap((source) => ofAttempt(judged, source, sources, run));
  if (found.length === 0) return undefined;
  return h(
    'details',
    { class: 'raw' },
    h('summary', {}, `What was recorded on ${judged.node}`),
    h(
      'div',
      { class: 'records' },
      found.map(({ where, what, text }) =>
        h('figure', {}, h('figcaption', {}, h('strong', {}, where), ` ${what}`), h('pre', {}, safeText(text, limit))),
      ),
    ),
  );
}

interface Recorded {
  where: string;
  what: string;
  text: string;
}

function ofAttempt({ node, handler }: JudgedCheck, source: Source, sources: Sources, run: Run): Recorded[] {
  const { what } = source;
  const reference = run.cells.find((cell) => cell.reference && cell.node === node)?.handler;
  const weakened = sources.weakened && handler !== reference ? [handler] : [];
  const subjects = sources.subjects.map((profile) => ({
    where: `Inside: ${profile} under ${handler}`,
    containers: containersOf(run, node, handler, profile),
    ids: [source.subject],
  }));
  const controls = [...weakened, ...(reference === undefined ? [] : [reference])].map((under) => ({
    where: `Control: ${sources.control} under ${under}`,
    containers: containersOf(run, node, under, sources.control),
    ids: [source.control],
  }));
  const witnesses = run.containers.filter(({ role, cell }) => role === 'witness' && isOn(run, cell, node));
  return [
    ...subjects,
    { where: 'From the node: the witness', containers: witnesses, ids: source.witness },
    ...controls,
  ].flatMap(({ where, containers, ids }) => {
    const seen = observed(containers, ids);
    return seen === undefined ? [] : [{ where, what, text: seen }];
  });
}

const isOn = (run: Run, id: string, node: string): boolean =>
  run.cells.some((cell) => cell.id === id && cell.node === node);

const containersOf = (run: Run, node: string, handler: string, profile: string): ContainerEvidence[] =>
  run.containers.filter(
    (one) =>
      one.role === 'subject' &&
      one.profile === profile &&
      run.cells.some((cell) => cell.id === one.cell && cell.node === node && cell.handler === handler),
  );

/** The first of these observations that somebody made. */
function observed(containers: readonly ContainerEvidence[], ids: readonly string[]): string | undefined {
  const all = containers.flatMap((container) => container.observations);
  const found = ids.map((id) => all.find((one) => one.id === id)).find((one) => one !== undefined);
  if (!found) return undefined;
  const { value, errno, step, notAttempted } = found;
  if (errno !== undefined) return `${errno}${step === undefined ? '' : `, from ${step}`}`;
  if (notAttempted !== undefined) return `not attempted: ${notAttempted}`;
  return JSON.stringify(value, undefined, 1);
}
