import { z } from 'zod';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { conclude } from '../reports/conclusion.ts';
import { caseName, classname } from '../reports/identity.ts';

/** https://github.com/in-toto/attestation: spec/v1/statement.md and spec/predicates/test-result.md. */
const statementType = 'https://in-toto.io/Statement/v1';
const predicateType = 'https://in-toto.io/attestation/test-result/v0.1';
/** The media type of a statement in a DSSE envelope. */
export const payloadType = 'application/vnd.in-toto+json';

/** A file or a thing of known content: in-toto's ResourceDescriptor, as far as it is used. */
const resource = z.object({
  name: z.string(),
  digest: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.unknown()).optional(),
});

/** Unknown fields are let through: in-toto asks readers to ignore them. */
export const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z.array(resource),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    result: z.enum(['PASSED', 'WARNED', 'FAILED']),
    configuration: z.array(resource),
    passedTests: z.array(z.string()),
    warnedTests: z.array(z.string()),
    failedTests: z.array(z.string()),
  }),
});
export type Statement = z.infer<typeof statementSchema>;

/** A test is named as in JUnit: by its class and its name. */
const nameOf = (judged: JudgedCheck): string => `${classname(judged)} ${caseName(judged.check)}`;

type Result = Statement['predicate']['result'];

/**
 * What the verdicts come to for a policy that reads test results. It fails closed: what could not be decided has failed.
 * `PASSED` says that every boundary that was tried held; a boundary that is exposed, or whose fall somebody accepted, is a
 * warning and never a pass. What is not applicable is in no list.
 */
export function testResult(
  run: Run,
): Pick<Statement['predicate'], 'result' | 'passedTests' | 'warnedTests' | 'failedTests'> {
  const by = (result: Result) => run.verdicts.filter((one) => resultOf(one) === result).map(nameOf);
  const [passedTests, warnedTests, failedTests] = [by('PASSED'), by('WARNED'), by('FAILED')];
  const result = conclude(run).exitCode !== 0 ? 'FAILED' : warnedTests.length ? 'WARNED' : 'PASSED';
  return { result, passedTests, warnedTests, failedTests };
}

function resultOf({ verdict, deviation }: JudgedCheck): Result | undefined {
  if (deviation) return 'WARNED';
  switch (verdict) {
    case 'held':
      return 'PASSED';
    case 'exposed':
      return 'WARNED';
    case 'breached':
    case 'inconclusive':
      return 'FAILED';
    case 'not-applicable':
      return undefined;
  }
}

/** The in-toto statement about a run: its subject is the manifest, and through it every file of the run. */
export function statementOf(run: Run, manifestDigest: string): Statement {
  return {
    _type: statementType,
    subject: [{ name: 'manifest.json', digest: { sha256: manifestDigest } }],
    predicateType,
    predicate: {
      ...testResult(run),
      configuration: [
        {
          name: 'catalogue',
          digest: { sha256: run.catalogue.sha256 },
          annotations: { checks: run.catalogue.checks, meaning: run.meaning, cofferdam: run.suite.version },
        },
        ...run.probe.digests.map((digest) => ({ name: run.probe.image, digest: algorithmAndDigest(digest) })),
      ],
    },
  };
}

/** `sha256:…` as in-toto writes it. */
function algorithmAndDigest(digest: string): Record<string, string> {
  const [algorithm = '', value = ''] = digest.split(':');
  return { [algorithm]: value };
}
