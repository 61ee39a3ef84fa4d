/** Any one text in a report is at most this long; the whole of it stays in run.json. */
export const textLimit = 64 * 1024;
/** So much of one part of a text that has several: all of them together stay within the limit. */
export const partLimit = 7 * 1024;
/** A reason on one line: long enough for a sentence, short enough for an attribute, a title, a terminal. */
const lineLimit = 2000;

/** Colours and cursor movements. They say nothing to a reader of a report. */
const controlSequences = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;

/** What XML forbids, what a terminal obeys, and what changes the order of the text or cannot be seen. Not \t and \n. */
const unprintable =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

/**
 * What readers of a report take for an instruction. Container text must not give any:
 * `]]>` ends CDATA, and xmlbuilder escapes only the first of them; `[[ATTACHMENT|path]]` makes GitLab and Azure upload a
 * file of the machine that runs the pipeline; `##[…]`, `##vso[…]` and `::add-mask::` are commands to a pipeline that
 * reads its own log, at the start of a line or in the middle.
 */
const instructions: readonly [RegExp, string][] = [
  [/\]\]>/g, ']]\\u{3e}'],
  [/\[\[/g, '[\\u{5b}'],
  [/##/g, '#\\u{23}'],
  [/::(?=[a-z][a-z-]*(?:\s|::|$))/gi, ':\\u{3a}'],
];

/** A time with its zone, as the formats of auditors and of code scanners demand. */
export const utc = (time: string): string => new Date(time).toISOString();

const visible = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** Nothing is dropped but colours: what had to change is shown as `\u{…}`. */
function harmless(text: string): string {
  // In this order: what is removed or replaced first must not put together what is looked for later.
  let result = text
    .toWellFormed()
    .replaceAll(controlSequences, '')
    .replaceAll('\r\n', '\n')
    .replaceAll(unprintable, visible);
  for (const [pattern, replacement] of instructions) result = result.replaceAll(pattern, () => replacement);
  return result;
}

/** Head and tail of what is too long, and how long it was. The tail starts no line: where it begins, nobody chose. */
function cut(text: string, limit: number, length: number): string {
  if (text.length <= limit) return text;
  const kept = Math.max(0, Math.floor((limit - 100) / 2));
  return `${text.slice(0, kept)}\n[cut here: the whole text has ${length} characters and is in run.json] ${text.slice(text.length - kept)}`;
}

/** Text from a container, made safe to stand in a report. Lines are kept. */
export function safeText(text: string, limit = textLimit): string {
  // Cut before, so that ten megabytes are not searched, and after, because what is made visible grows.
  // A cut may divide a pair of surrogates.
  return cut(harmless(cut(text, limit, text.length)), limit, text.length).toWellFormed();
}

/** The same on one line: for attributes, titles and the terminal. */
export function safeLine(text: string, limit = lineLimit): string {
  const line = harmless(text.slice(0, 2 * limit))
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (line.length <= limit && text.length <= 2 * limit) return line;
  return `${line.slice(0, limit - 1)}…`.toWellFormed();
}
