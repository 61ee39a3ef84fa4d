import { partLimit, safeLine, safeText } from './text.ts';

/** Of the properties that OSCAL does not define. */
const ns = 'https://cofferdam.dev/ns/oscal';

/** A value of a property has at least one character, and is one line without white space at its ends. */
export const props = (facts: readonly (readonly [name: string, value: string])[]) =>
  facts.map(([name, value]) => ({ name, ns, value: safeLine(value) || 'unknown' }));

/**
 * Descriptions and remarks are Markdown with HTML in it, and `{{ }}` inserts a parameter. What begins any of these, a link
 * or an entity, is escaped; emphasis can do no harm.
 */
export const markup = (text: string): string =>
  safeText(text, partLimit)
    .replaceAll(/[\\`[\]<>{}&]/g, (sign) => `\\${sign}`)
    .trim();
