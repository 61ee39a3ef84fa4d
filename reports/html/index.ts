export { checkHtml } from './check.ts';
export { html } from './page.ts';
