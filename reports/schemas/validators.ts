/**
 * The published schemas of the machine formats, for tests. README.md says where each is from. Nothing else loads them.
 */
import { loadYaml } from '@kubernetes/client-node';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
const schema = (name: string): object => JSON.parse(read(name)) as object;

/** Both packages are CommonJS; what Node imports is the module, whose `default` is the export. */
const Draft04 = (AjvDraft04 as unknown as { default: new (options: object) => Ajv }).default;
const addFormats = formats as unknown as (ajv: Ajv) => void;

function compile(ajv: Ajv, text: object): (document: unknown) => string[] {
  addFormats(ajv);
  const validate: ValidateFunction = ajv.compile(text);
  return (document) => (validate(document) ? [] : (validate.errors ?? []).map(told));
}

const told = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || '/'} ${message ?? ''} ${JSON.stringify(params)}`;

/** Schemas of NIST and OASIS have keywords of their own, which are not to be taken for mistakes of ours. */
const options = { strict: false };

/** What the API server keeps of an object: fields that its schema does not know are cut away, so a document must have none. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return 'properties' in entries && !('additionalProperties' in entries)
    ? { ...entries, additionalProperties: false }
    : entries;
}

interface Definition {
  spec: { versions: { name: string; schema: { openAPIV3Schema: object } }[] };
}
const definition = loadYaml<Definition>(read('openreports.io_clusterreports.yaml'));
const [version] = definition.spec.versions;
if (version?.name !== 'v1alpha1') throw new Error('openreports.io_clusterreports.yaml does not define v1alpha1');
const clusterReport = compile(new Ajv(options), closed(version.schema.openAPIV3Schema) as object);

/** `Item` of Sonobuoy's pkg/client/results/item.go, which has no schema. Other statuses are allowed, and mean nothing to it. */
const item: z.ZodType = z.strictObject({
  name: z.string().min(1),
  status: z.enum(['passed', 'failed', 'skipped', 'unknown']),
  meta: z.record(z.string(), z.string()).optional(),
  details: z.record(z.string(), z.string()).optional(),
  items: z.array(z.lazy(() => item)).optional(),
});

const list = z.strictObject({ apiVersion: z.literal('v1'), kind: z.literal('List'), items: z.array(z.unknown()) });

/** We write 1.1.3, which no package carries: the versions on both sides of it have to accept it. */
const around = ['1.1.2', '1.2.3'].map((version) =>
  compile(new Ajv(options), schema(`oscal-assessment-results-${version}.json`)),
);
const oscal = (document: unknown): string[] => around.flatMap((validate) => validate(document));

/** What is wrong with a file, by the name of its format, when one is published; nothing when it is as published. */
export const validators: Readonly<Record<string, (text: string) => string[]>> = {
  oscal: json(oscal),
  // Its pattern of language codes is none to a regular expression with the flag u.
  sarif: json(compile(new Draft04({ ...options, unicodeRegExp: false }), schema('sarif-2.1.0-rtm.5.json'))),
  openreports: json((document) => {
    const parsed = list.safeParse(document);
    return parsed.success ? parsed.data.items.flatMap(clusterReport) : issues(parsed.error);
  }),
  sonobuoy: (text) => {
    // Sonobuoy reads YAML.
    const parsed = item.safeParse(loadYaml(text));
    return parsed.success ? [] : issues(parsed.error);
  },
};

const issues = (error: z.ZodError): string[] => error.issues.map((one) => `${one.path.join('/')} ${one.message}`);

function json(validate: (document: unknown) => string[]): (text: string) => string[] {
  return (text) => validate(JSON.parse(text));
}
