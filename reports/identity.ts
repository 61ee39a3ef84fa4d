import { createHash } from 'node:crypto';
import { suiteOf } from '../harness/check.ts';
import type { JudgedCheck } from '../harness/evidence.ts';

/** Azure keeps 512 characters of a title. */
const longest = 500;

/**
 * A name in an alphabet that no consumer splits, escapes or rewrites; whatever is outside is `~` code `~`, so that two
 * names never become one and every name can be read back: `node-a.example` is `node-a~2e~example`.
 */
function encode(text: string, outside: RegExp): string {
  if (text === '') return '~~';
  const encoded = text.slice(0, longest + 1).replaceAll(outside, (unit) => `~${unit.charCodeAt(0).toString(16)}~`);
  if (encoded.length <= longest) return encoded;
  // No name that Kubernetes allows is so long. The digest keeps it apart from others that begin the same; UTF-16, because
  // UTF-8 makes one of all lone surrogates.
  const digest = createHash('sha256').update(text, 'utf16le').digest('hex');
  return `${encoded.slice(0, longest - 80)}~sha256-${digest}~`;
}

/** A part of a classname: no dots, which divide packages from classes. */
export const classPart = (text: string): string => encode(text, /[^A-Za-z0-9()@+_-]/g);

/** The name of a test case: ids of checks stand as they are. */
export const caseName = (id: string): string => encode(id, /[^A-Za-z0-9()@+_./-]/g);

/** What names a verdict. */
type Identified = Pick<JudgedCheck, 'check' | 'handler' | 'node' | 'to'>;

/** The suite of a verdict: check folder, handler, node. */
export const suiteName = ({ check, handler, node }: Identified): string =>
  [suiteOf(check), handler, node].map(classPart).join('.');

/** What consumers keep results by, together with the name: the suite, and where the path leads. */
export const classname = (judged: Identified): string =>
  judged.to
    ? [suiteName(judged), 'to', classPart(judged.to.handler), classPart(judged.to.node)].join('.')
    : suiteName(judged);

/** What tells a test case from every other of its run, and is the same in the next. */
export const caseIdentity = (one: { classname: string; name: string }): string => `${one.classname} ${one.name}`;

/** The same of a verdict. */
export const identityOf = (judged: JudgedCheck): string =>
  caseIdentity({ classname: classname(judged), name: caseName(judged.check) });
