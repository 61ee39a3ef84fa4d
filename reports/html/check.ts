import { SaxesParser } from 'saxes';
import type { Run } from '../../harness/evidence.ts';
import { conclude } from '../conclusion.ts';
import { acceptance, deviationSentence } from '../deviations.ts';
import { proofSentence } from '../proof.ts';
import { verdictKey } from './key.ts';
import { pageText } from './markup.ts';
import { policy } from './page.ts';
import { css } from './style.ts';

/** Elements that the page is made of. None of them runs, loads or sends anything; `style` and `link` are looked at. */
const elements = new Set(
  (
    'html head meta title link style body header main section footer h1 h2 h3 h4 h5 p span strong a ul li dl dt dd div br ' +
    'table caption thead tbody tr th td fieldset legend label input details summary figure figcaption pre code ' +
    'svg symbol use circle path rect'
  ).split(' '),
);

/** Attributes that say something, and make nothing happen; `href` is looked at. */
const attributes =
  /^(?:class|id|lang|title|charset|name|content|http-equiv|rel|href|type|checked|autocomplete|open|scope|colspan|rowspan|role|tabindex|width|height|viewBox|preserveAspectRatio|d|r|cx|cy|x|y|aria-[a-z]+|data-[a-z]+)$/;

/** In the page, to the icon that is none, or to a source of facts. */
const harmlessLink = /^(?:#[^"]*|data:,|https:\/\/[\w.-]+\/[^"]*)$/;

/**
 * The self-check: reads the page back with a strict parser. It must be made of harmless elements and attributes, with its
 * own policy and style sheet, and say of each verdict, of each deviation, and of the proof what the run says. Throws with
 * the differences. It does not trust what made the text safe.
 */
export function checkHtml(page: string, run: Run): void {
  const found = readPage(page);
  const expected = run.verdicts.map((one) =>
    told(verdictKey(one), pageText(acceptance(one) ?? ''), pageText(one.reason)),
  );
  const deviations = (run.deviations?.entries ?? []).map((one) => pageText(deviationSentence(one)));
  const proof = proofSentence(run);
  const differences = [
    ...differ('the verdict of the run', [found.verdict], [conclude(run).verdict]),
    ...differ('a verdict', found.verdicts, expected),
    ...differ('a deviation', found.deviations, deviations),
    ...differ('a proof', found.proofs, proof === undefined ? [] : [pageText(proof)]),
  ];
  if (differences.length > 0)
    throw new Error(`report.html does not say what run.json says:\n${differences.slice(0, 20).join('\n')}`);
}

/** All that is said of a verdict that has to be so. */
const told = (key: string, accepted: string, reason: string): string =>
  [key, ...(accepted ? [accepted] : []), reason].join(' ');

/** What is only in one of the two, each as often as it is there. */
function differ(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const surplus = new Map<string, number>();
  for (const one of found) surplus.set(one, (surplus.get(one) ?? 0) + 1);
  for (const one of expected) surplus.set(one, (surplus.get(one) ?? 0) - 1);
  return [...surplus].flatMap(([one, count]) => {
    if (count === 0) return [];
    return `- ${what} ${count > 0 ? 'that was not in the run' : 'is missing'}: ${JSON.stringify(one.slice(0, 300))}`;
  });
}

interface Page {
  verdict: string;
  /** Of each its key, by whom it is accepted, and its reason. */
  verdicts: string[];
  deviations: string[];
  proofs: string[];
}

function readPage(page: string): Page {
  const result: Page = { verdict: '', verdicts: [], deviations: [], proofs: [] };
  const open: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const keys: string[] = [];
  let accepted = '';
  let metas = 0;
  const parser = new SaxesParser();
  const refuse = (why: string): never => {
    throw new Error(`report.html is not as cofferdam writes it, line ${parser.line}: ${why}`);
  };
  parser.on('error', (error) => refuse(error.message));
  parser.on('comment', () => refuse('a comment'));
  parser.on('cdata', () => refuse('CDATA'));
  parser.on('processinginstruction', () => refuse('a processing instruction'));
  parser.on('doctype', (text) => {
    if (text.trim() !== 'html') refuse('another document type');
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('opentag', ({ name, attributes: given }) => {
    if (!elements.has(name)) refuse(`<${name}>`);
    for (const [key, value] of Object.entries(given)) {
      if (!attributes.test(key)) refuse(`attribute ${key} of <${name}>`);
      if (key === 'href' && !harmlessLink.test(value)) refuse(`a link to ${value.slice(0, 80)}`);
    }
    if (given['http-equiv'] !== undefined) {
      metas++;
      if (given['content'] !== policy) refuse('another policy');
    }
    if (name === 'link' && given['href'] !== 'data:,') refuse('<link>');
    if (name === 'h1') result.verdict = given['data-verdict'] ?? '';
    if (given['data-of'] !== undefined) keys.push(given['data-of']);
    open.push({ name, attributes: given, text: '' });
  });
  parser.on('closetag', () => {
    const { name, attributes: given, text } = open.pop() ?? refuse('an end without a beginning');
    if (name === 'style' && text !== css) refuse('another style sheet');
    if (given['class'] === 'deviation') result.deviations.push(text);
    if (given['class'] === 'proof') result.proofs.push(text);
    if (given['class'] === 'accepted') accepted = text;
    if (given['class'] === 'reason') {
      result.verdicts.push(...keys.splice(0).map((key) => told(key, accepted, text)));
      accepted = '';
    }
  });
  parser.write(page).close();
  if (metas !== 1) refuse(`${metas} policies`);
  if (keys.length > 0) refuse('a verdict without a reason');
  return result;
}
