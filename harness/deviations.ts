import { createHash } from 'node:crypto';
import { basename, matchesGlob } from 'node:path';
import { LineCounter, isNode, parseDocument } from 'yaml';
import { z } from 'zod';
import { deviationSchema } from './evidence.ts';
import type { AppliedDeviation, Deviation, JudgedCheck, Run } from './evidence.ts';
import { UsageError } from './usage.ts';

/** A file of accepted deviations, as it was read. */
export interface Deviations {
  file: string;
  sha256: string;
  entries: readonly Deviation[];
}

/** Blanks give no reason and name nobody. */
const said = z.string().regex(/\S/, 'it says nothing');
const fileSchema = z.strictObject({ deviations: z.array(deviationSchema.extend({ reason: said, acceptedBy: said })) });

/**
 * Reads a file of deviations, in YAML or JSON (which is YAML). Throws a UsageError with the line of what is wrong: an entry
 * that is half right, or names a check that there is not, would accept something else than somebody meant.
 */
export function parseDeviations(file: string, text: string, checks: ReadonlySet<string>): Deviations {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [broken] = document.errors;
  if (broken) throw new UsageError(`${file}: ${broken.message.split('\n')[0] ?? 'it is not YAML'}`);
  const at = (path: readonly PropertyKey[]): string => {
    // What is missing has no place of its own: then the place is that of the entry.
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return `${file}, line ${lines.linePos(node.range[0]).line}`;
    }
    return file;
  };
  const result = fileSchema.safeParse(plain(document, file));
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new UsageError(
      `${at(issue?.path ?? [])}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not understood'}`,
    );
  }
  result.data.deviations.forEach(({ check }, index) => {
    if (checks.has(check)) return;
    throw new UsageError(
      `${at(['deviations', index, 'check'])}: there is no check ${check}; cofferdam list shows them`,
    );
  });
  return {
    file: basename(file),
    sha256: createHash('sha256').update(text).digest('hex'),
    entries: result.data.deviations,
  };
}

/** What a document says. An alias of nothing, or of far too much, is only found when it is followed. */
function plain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

const selects = ({ check, handler, nodes }: Deviation, judged: JudgedCheck): boolean =>
  judged.check === check && judged.handler === handler && matchesGlob(judged.node, nodes);

/** The last day counts whole. */
const expired = ({ expires }: Deviation, at: string): boolean => at.slice(0, 10) > expires;

/**
 * Marks the verdicts that somebody accepts, and says what became of each deviation at this moment. No verdict changes: a
 * breach that is accepted is a breach. Pure, and can be repeated on its own result.
 */
export function applyDeviations(
  verdicts: readonly JudgedCheck[],
  { file, sha256, entries }: Deviations,
  at: string,
): Pick<Run, 'verdicts' | 'deviations'> {
  const applied = entries.map((entry): AppliedDeviation => {
    const { check, handler, nodes, verdict, reason, acceptedBy, expires } = entry;
    const selected = verdicts.filter((one) => selects(entry, one));
    const matched = selected.filter((one) => one.verdict === verdict).length;
    const state = expired(entry, at) ? 'expired' : matched > 0 ? 'accepted' : 'not-needed';
    return { check, handler, nodes, verdict, reason, acceptedBy, expires, state, selected: selected.length, matched };
  });
  const marked = verdicts.map(({ deviation: _, ...judged }): JudgedCheck => {
    const found = applied.find(
      (one) => one.state === 'accepted' && one.verdict === judged.verdict && selects(one, judged),
    );
    if (!found) return judged;
    const { reason, acceptedBy, expires } = found;
    return { ...judged, deviation: { reason, acceptedBy, expires } };
  });
  return { verdicts: marked, deviations: { file, sha256, at, entries: applied } };
}
