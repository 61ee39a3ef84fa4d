import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { conclude, shortcomings } from './conclusion.ts';
import { acceptance, acceptanceFacts, givenFacts } from './deviations.ts';
import { assertFaithful, parseWritten, toJson } from './faithful.ts';
import { caseName, classname, classPart, identityOf } from './identity.ts';
import type { Details } from './details.ts';
import { partLimit, safeLine, safeText, utc } from './text.ts';

export const sarifFile = 'cofferdam.sarif';

/**
 * SARIF 2.1.0 of what failed: breached is an error, inconclusive a warning, and either is suppressed when somebody accepts
 * it. What held, is exposed or does not apply is left out.
 */
export const sarif = (run: Run, details: Details): string => toJson(document(run, details));

/** Throws when the file says anything else than the run. */
export function checkSarif(written: string, run: Run): void {
  assertFaithful(sarifFile, written, sarif(run, detailsOf(parseWritten(sarifFile, written), failedChecks(run))));
}

const levels = { breached: 'error', inconclusive: 'warning' } as const;

type Failed = JudgedCheck & { verdict: keyof typeof levels };

const hasFailed = (judged: JudgedCheck): judged is Failed => judged.verdict in levels;

/** In the order of their rules. */
const failedChecks = (run: Run): string[] => [...new Set(run.verdicts.filter(hasFailed).map((one) => one.check))];

function document(run: Run, details: Details) {
  const failed = run.verdicts.filter(hasFailed);
  const checks = failedChecks(run);
  const { verdict, exitCode, sentence } = conclude(run);
  const notifications = shortcomings(run).map(({ name, reason }) => ({
    descriptor: { id: name },
    level: 'error',
    message: { text: message(reason) },
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Cofferdam',
            version: safeLine(run.suite.version),
            rules: checks.map((check) => rule(check, details)),
          },
        },
        automationDetails: { id: `cofferdam/${safeLine(run.run.id)}` },
        invocations: [
          {
            executionSuccessful: notifications.length === 0,
            exitCode,
            exitCodeDescription: safeLine(sentence),
            startTimeUtc: utc(run.run.started),
            endTimeUtc: utc(run.run.finished),
            toolExecutionNotifications: notifications,
          },
        ],
        results: failed.map((one) => result(one, checks.indexOf(one.check), details.get(one.check)?.line)),
        properties: {
          verdict,
          meaning: run.meaning,
          catalogueSha256: safeLine(run.catalogue.sha256),
          clusterUid: safeLine(run.cluster.uid ?? 'unknown'),
          ...Object.fromEntries(givenFacts(run)),
        },
      },
    ],
  };
}

function rule(check: string, details: Details) {
  const { claim, because, requirements } = details.get(check) ?? unknown;
  return {
    id: caseName(check),
    shortDescription: { text: message(claim) },
    fullDescription: { text: message(`${safeLine(claim)} ${safeLine(because)}`) },
    help: { text: message(because) },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['security', 'isolation'], requirements: requirements.map((one) => safeLine(one)) },
  };
}

const unknown = {
  claim: 'This check is not in the catalogue at hand.',
  because: 'Its reasons are not either.',
  requirements: [],
};

function result(judged: Failed, ruleIndex: number, line: number | undefined) {
  const { check, node, handler, verdict, reason, expected, observed, control, isolationClass } = judged;
  const where = judged.to
    ? `${handler} on ${node}, to ${judged.to.handler} on ${judged.to.node}`
    : `${handler} on ${node}`;
  return {
    ruleId: caseName(check),
    ruleIndex,
    level: levels[verdict],
    message: { text: message(`${verdict}, ${where}: ${reason}`) },
    locations: [
      {
        // Code scanning shows no result without a file. The check's source is the one file that every result has.
        physicalLocation: {
          artifactLocation: { uri: `suites/${check.split('/').map(classPart).join('/')}.ts` },
          // A region has to be there: of a check whose lines are not at hand, the first.
          region: { startLine: line ?? 1 },
        },
        logicalLocations: [{ fullyQualifiedName: classname(judged), kind: 'resource' }],
      },
    ],
    // The name of the one fingerprint that code scanning looks at. Without it, it makes one alert of all results of a check.
    partialFingerprints: { primaryLocationLineHash: createHash('sha256').update(identityOf(judged)).digest('hex') },
    // All results of a run have the list, or none (section 3.27.23).
    suppressions: suppressions(judged),
    properties: {
      verdict,
      node: safeLine(node),
      handler: safeLine(handler),
      isolationClass: isolationClass ?? 'unknown',
      expected: safeText(expected, partLimit),
      observed: safeText(observed, partLimit),
      control: safeText(control, partLimit),
    },
  };
}

/** It is persisted outside the source: in the file of deviations. */
function suppressions(judged: Failed) {
  const accepted = acceptance(judged);
  if (accepted === undefined) return [];
  return [
    {
      kind: 'external',
      status: 'accepted',
      justification: safeLine(accepted),
      properties: Object.fromEntries(acceptanceFacts(judged)),
    },
  ];
}

/**
 * A message string: `{0}` would be a placeholder, so braces are doubled (section 3.11.5), and `[text](target)` a link
 * (3.11.6), so it is broken.
 */
const message = (text: string): string =>
  safeLine(text).replaceAll('](', '] (').replaceAll('{', '{{').replaceAll('}', '}}');
const plain = (text: string): string => text.replaceAll('{{', '{').replaceAll('}}', '}');

const written = z.object({
  runs: z.tuple([
    z.object({
      tool: z.object({
        driver: z.object({
          rules: z.array(
            z.object({
              shortDescription: z.object({ text: z.string() }),
              help: z.object({ text: z.string() }),
              properties: z.object({ requirements: z.array(z.string()) }),
            }),
          ),
        }),
      }),
      results: z.array(
        z.object({
          ruleIndex: z.number(),
          locations: z.tuple([
            z.object({ physicalLocation: z.object({ region: z.object({ startLine: z.number() }) }) }),
          ]),
        }),
      ),
    }),
  ]),
});

/** What the file says of the checks themselves, which is not in the run. */
function detailsOf(json: unknown, checks: readonly string[]): Details {
  const parsed = written.safeParse(json);
  const { tool, results } = parsed.data?.runs[0] ?? { tool: { driver: { rules: [] } }, results: [] };
  return new Map(
    tool.driver.rules.map(({ shortDescription, help, properties: { requirements } }, index) => {
      const line = results.find((one) => one.ruleIndex === index)?.locations[0].physicalLocation.region.startLine;
      return [
        checks[index] ?? '',
        {
          ...{ claim: plain(shortDescription.text), because: plain(help.text), requirements },
          ...(line !== undefined && { line }),
        },
      ];
    }),
  );
}
