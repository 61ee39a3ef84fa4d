import type { Run } from '../../harness/evidence.ts';
import type { Details } from '../details.ts';
import { conclude } from '../conclusion.ts';
import { deviations, provenance, reading, troubles } from './about-run.ts';
import { checks } from './checks.ts';
import { htmlDocument } from './document.ts';
import { drawings } from './marks.ts';
import { h } from './markup.ts';
import { matrix } from './matrix.ts';
import { policyFor } from './policy.ts';
import { css } from './style.ts';
import { summary } from './summary.ts';

/** What this page may do. */
export const policy = policyFor(css);

/** The report for people: one file, that loads nothing and runs nothing. */
export function html(run: Run, details: Details): string {
  return htmlDocument({
    title: `${conclude(run).title}: Cofferdam run ${run.run.id}`,
    css,
    metas: [
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
    ],
    body: [
      drawings(),
      h('a', { class: 'skip', href: run.verdicts.length > 0 ? '#evidence' : '#reading' }, 'Skip the summary'),
      h(
        'header',
        {},
        h('p', { class: 'wordmark' }, 'Cofferdam'),
        h('p', {}, 'Isolation of container runtimes, tested from both sides'),
      ),
      h(
        'main',
        {},
        summary(run, details),
        deviations(run),
        troubles(run),
        matrix(run),
        checks(run, details),
        reading(),
        provenance(run),
      ),
      h(
        'footer',
        {},
        h(
          'p',
          {},
          `Made of run.json of run ${run.run.id} by Cofferdam ${run.suite.version}. This page is one file: it loads nothing and runs no script. The raw observations are in run.json; what a container wrote is shown as text, with invisible characters made visible.`,
        ),
      ),
    ],
  });
}
