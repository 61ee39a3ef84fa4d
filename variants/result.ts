import { z } from 'zod';

/** Raised when a reader of an older result would misunderstand a newer one. */
export const resultSchema = 1;

const verdict = z.enum(['held', 'breached', 'exposed', 'inconclusive', 'not-applicable']);

const result = z.strictObject({
  schema: z.literal(resultSchema),
  variant: z.string(),
  suite: z.strictObject({ name: z.literal('cofferdam'), version: z.string() }),
  /** The version of what verdicts mean, and a digest of what the checks say. */
  meaning: z.number().int(),
  checks: z.string(),
  finished: z.iso.datetime(),
  /** Why there is nothing to tell: the variant could not be set up, or its run did not come to its end. */
  trouble: z.string().optional(),
  /** The node, as the run found it. */
  node: z
    .strictObject({ kernel: z.string(), osImage: z.string(), containerRuntime: z.string(), kubelet: z.string() })
    .optional(),
  /** What else the variant names, by its name. */
  versions: z.record(z.string(), z.string()),
  /** How many verdicts of each kind there were, by handler. */
  verdicts: z.record(z.string(), z.partialRecord(verdict, z.number().int())),
  /** Verdicts that a sound configuration must not have. */
  alarms: z.array(
    z.strictObject({
      check: z.string(),
      handler: z.string(),
      /** Of a path between tenants: the handler that it leads to. */
      to: z.string().optional(),
      verdict,
      reason: z.string(),
    }),
  ),
});

/** What came of one variant. */
export type Result = z.infer<typeof result>;
export type Alarm = Result['alarms'][number];

/** Checks a result. Throws with the first thing that is wrong. */
export function parseResult(json: unknown, where: string): Result {
  const parsed = result.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${where}: ${issue?.path.join('.') || '(root)'}: ${issue?.message ?? 'not a result of a variant'}`);
}

/** A result as it is kept in a file. */
export const resultText = (value: Result): string => `${JSON.stringify(result.parse(value), undefined, 1)}\n`;
