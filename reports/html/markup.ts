import { safeLine, safeText } from '../text.ts';

/**
 * A piece of the page. Only `h` and `styleSheet` make one, and `h` takes every text for hostile: what a container wrote
 * can be on the page, and cannot be of it.
 */
export class Markup {
  readonly #html: string;
  constructor(html: string) {
    this.#html = html;
  }
  toString(): string {
    return this.#html;
  }
}

export type Child = Markup | string | number | undefined | readonly Child[];
export type Attributes = Readonly<Record<string, string | number | true | undefined>>;

/** A text as it stands in the page: long enough for a story, so that ten of them do not fill it. */
export const pageText = (text: string): string => safeText(text, 8 * 1024);

/** With the capital letter of a sentence that begins with it. */
export const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** They have no end tag. */
const voids = new Set(['br', 'meta', 'link', 'input', 'circle', 'path', 'rect', 'use']);

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');

/** An element. The result is HTML and well-formed XML at once, so that a strict parser can read the page back. */
export function h(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${value === true ? '' : escape(safeLine(String(value)))}"`)
    .join('');
  const start = `<${name}${written}`;
  return new Markup(voids.has(name) ? `${start}/>` : `${start}>${children.map(write).join('')}</${name}>`);
}

function write(child: Child): string {
  if (child === undefined) return '';
  if (child instanceof Markup) return child.toString();
  if (typeof child === 'object') return child.map(write).join('');
  return escape(pageText(String(child)));
}

/** The page's own style sheet, as it is: nothing of a run is in it. */
export const styleSheet = (css: string): Markup => new Markup(`<style>${css}</style>`);
