import { createHash } from 'node:crypto';

/**
 * What a page may do: wear its own style sheet, and the empty icon that is in it. No script, no font, no frame, no form, no
 * request; so a text that got past everything else could still do nothing.
 */
export const policyFor = (css: string): string =>
  `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; base-uri 'none'; form-action 'none'`;
