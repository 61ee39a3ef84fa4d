import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import type { Verdict } from '../harness/judge/judge.ts';
import { conclude } from './conclusion.ts';
import { acceptance, acceptanceFacts, givenFacts } from './deviations.ts';
import { assertFaithful, parseWritten, toJson } from './faithful.ts';
import { groups } from './groups.ts';
import { caseName } from './identity.ts';
import type { Details } from './details.ts';
import { safeLine } from './text.ts';

export const openReportsFile = 'openreports.json';

/**
 * ClusterReports of openreports.io/v1alpha1 in a List, for `kubectl apply -f`. One for each cell, so that none comes near
 * what etcd takes of an object (1.5 MiB); cluster-wide, because a node is in no namespace.
 */
export const openReports = (run: Run, details: Details): string =>
  toJson({ apiVersion: 'v1', kind: 'List', items: cells(run).map((verdicts) => report(verdicts, run, details)) });

/** Throws when the file says anything else than the run. */
export function checkOpenReports(text: string, run: Run): void {
  assertFaithful(openReportsFile, text, openReports(run, detailsOf(parseWritten(openReportsFile, text), run)));
}

type Result = 'pass' | 'fail' | 'warn' | 'error' | 'skip';

const results: Record<Verdict, Result> = {
  held: 'pass',
  breached: 'fail',
  inconclusive: 'error',
  exposed: 'warn',
  'not-applicable': 'skip',
};

/**
 * `warn` is what the API calls a requirement that is not met and not scored: a boundary that the class does not claim, or a
 * verdict that somebody accepts.
 */
const resultOf = ({ verdict, deviation }: JudgedCheck): Result => (deviation ? 'warn' : results[verdict]);

const cells = (run: Run) => groups(run.verdicts, ({ handler, node }) => JSON.stringify([handler, node]));

function report(verdicts: readonly [JudgedCheck, ...JudgedCheck[]], run: Run, details: Details) {
  const { handler, node } = verdicts[0];
  const { verdict, exitCode } = conclude(run);
  const summary = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 };
  for (const one of verdicts) summary[resultOf(one)]++;
  return {
    apiVersion: 'openreports.io/v1alpha1',
    kind: 'ClusterReport',
    metadata: {
      name: objectName(handler, node),
      labels: { 'app.kubernetes.io/managed-by': 'cofferdam' },
      annotations: {
        'cofferdam.dev/run': safeLine(run.run.id),
        'cofferdam.dev/version': safeLine(run.suite.version),
        'cofferdam.dev/meaning': String(run.meaning),
        'cofferdam.dev/catalogue-sha256': safeLine(run.catalogue.sha256),
        'cofferdam.dev/run-verdict': verdict,
        'cofferdam.dev/run-exit-code': String(exitCode),
        ...Object.fromEntries(givenFacts(run).map(([name, value]) => [`cofferdam.dev/${name}`, value])),
      },
    },
    source: 'cofferdam',
    scope: nodeReference(node),
    summary,
    results: verdicts.map((one) => result(one, run, details)),
  };
}

function result(judged: JudgedCheck, run: Run, details: Details) {
  const { check, node, handler, verdict, reason, expected, observed, control, isolationClass, to } = judged;
  const { claim, requirements } = details.get(check) ?? { claim: '', requirements: [] };
  const accepted = acceptance(judged);
  return {
    source: 'cofferdam',
    policy: caseName(check),
    category: 'Container isolation',
    result: resultOf(judged),
    scored: resultOf(judged) !== 'warn',
    message: safeLine(`${accepted === undefined ? verdict : `${verdict}, ${accepted}`}: ${reason}`),
    timestamp: { seconds: Math.floor(Date.parse(run.run.finished) / 1000), nanos: 0 },
    resources: [nodeReference(node), ...(to && to.node !== node ? [nodeReference(to.node)] : [])],
    properties: {
      verdict,
      handler: safeLine(handler),
      isolationClass: isolationClass ?? 'unknown',
      ...(to && { toHandler: safeLine(to.handler), toNode: safeLine(to.node) }),
      ...Object.fromEntries(acceptanceFacts(judged)),
      claim: safeLine(claim),
      expected: safeLine(expected),
      observed: safeLine(observed),
      control: safeLine(control),
      requirements: safeLine(requirements.join(' ')),
    },
  };
}

const nodeReference = (name: string) => ({ apiVersion: 'v1', kind: 'Node', name: safeLine(name, 253) });

/**
 * The name of an object is a DNS subdomain (RFC 1123). The digest keeps apart what looks alike after that; it is of the cell
 * alone, so that the next run's report takes the place of this one's.
 */
function objectName(handler: string, node: string): string {
  const readable = `${handler}-${node}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 100)
    .replaceAll(/^-+|-+$/g, '');
  const digest = createHash('sha256')
    .update(JSON.stringify([handler, node]))
    .digest('hex')
    .slice(0, 12);
  return ['cofferdam', readable, digest].filter((part) => part !== '').join('-');
}

const written = z.object({
  items: z.array(
    z.object({
      results: z.array(z.object({ properties: z.object({ claim: z.string(), requirements: z.string() }) })),
    }),
  ),
});

/** What the file says of the checks themselves, which is not in the run: by the run's checks, in the order of the file. */
function detailsOf(json: unknown, run: Run): Details {
  const parsed = written.safeParse(json);
  const found = parsed.success ? parsed.data.items.flatMap((item) => item.results) : [];
  return new Map(
    cells(run)
      .flat()
      .flatMap(({ check }, index) => {
        const properties = found[index]?.properties;
        if (!properties) return [];
        const { claim, requirements } = properties;
        return [
          [check, { claim, because: '', requirements: requirements === '' ? [] : requirements.split(' ') }],
        ] as const;
      }),
  );
}
