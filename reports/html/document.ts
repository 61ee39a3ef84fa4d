import type { Child, Markup } from './markup.ts';
import { h, styleSheet } from './markup.ts';
import { policyFor } from './policy.ts';

/** The style of the plain pages, of which there is nothing to draw. In it is neither `<` nor an ampersand. */
export const plainCss = (more = ''): string => `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; opacity: .75; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
th { overflow-wrap: break-word; }
${more}.result { font-weight: 600; }
`;

/** What a page is made of. */
interface Page {
  title: string;
  css: string;
  /** More for the head. */
  metas?: readonly Markup[];
  body: Child;
}

/** A page that needs nothing else: no script, no request. */
export function htmlDocument({ title, css, metas = [], body }: Page): string {
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      {},
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policyFor(css) }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      metas,
      h('title', {}, title),
      // Without one a browser asks the server for it.
      h('link', { rel: 'icon', href: 'data:,' }),
      styleSheet(css),
    ),
    h('body', {}, body),
  );
  return `<!DOCTYPE html>\n${page.toString()}\n`;
}
