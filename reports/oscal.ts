import { z } from 'zod';
import type { JudgedCheck, Run } from '../harness/evidence.ts';
import { conclude, shortcomings } from './conclusion.ts';
import { acceptanceFacts, givenFacts } from './deviations.ts';
import { assertFaithful, parseWritten, toJson } from './faithful.ts';
import { groups } from './groups.ts';
import { caseName, classPart, identityOf } from './identity.ts';
import type { Details } from './details.ts';
import { findings } from './oscal-findings.ts';
import { acceptedAs, risks } from './oscal-risks.ts';
import { markup, props } from './oscal-text.ts';
import { safeLine, utc } from './text.ts';
import { uuidV5 } from './uuid.ts';

export const oscalFile = 'oscal-assessment-results.json';

/**
 * OSCAL 1.1.3 assessment results: an observation for each verdict, and a finding for each control of NIST SP 800-53 and
 * handler. Every UUID follows from the run's id and a path, so that writing again changes nothing.
 */
export const oscal = (run: Run, details: Details): string => toJson({ 'assessment-results': document(run, details) });

/** Throws when the file says anything else than the run. */
export function checkOscal(text: string, run: Run): void {
  assertFaithful(oscalFile, text, oscal(run, detailsOf(parseWritten(oscalFile, text), run)));
}

/** Namespace of our UUIDs, drawn once. */
const uuids = 'b1a4a0c9-3c5e-4a68-9d0b-6f0f6f2a4e11';

/** The UUID of something in the document, by its path. */
type Uuid = (...path: string[]) => string;

function document(run: Run, details: Details) {
  const uuid: Uuid = (...path) => uuidV5(uuids, JSON.stringify([run.run.id, run.run.started, ...path]));
  return {
    uuid: uuid('assessment-results'),
    metadata: {
      title: `Container isolation, tested by Cofferdam, run ${markup(safeLine(run.run.id))}`,
      'last-modified': utc(run.run.finished),
      version: safeLine(run.suite.version) || 'unknown',
      'oscal-version': '1.1.3',
      remarks:
        'Made from run.json, which holds every observation. A held verdict supports a control; whether the control is implemented is for an assessor to say.',
    },
    'import-ap': { href: `#${uuid('plan')}` },
    results: [result(run, details, uuid)],
    'back-matter': {
      resources: [
        {
          uuid: uuid('plan'),
          title: 'What was planned',
          description: `The ${run.roster.length} verdicts of the roster in run.json, of ${run.catalogue.checks} checks.`,
          props: props([['catalogue-sha256', run.catalogue.sha256]]),
          rlinks: [{ href: 'run.json' }],
        },
      ],
    },
  };
}

function result(run: Run, details: Details, uuid: Uuid) {
  const { verdict, exitCode, sentence } = conclude(run);
  const short = shortcomings(run);
  const observations = run.verdicts.map((one) => observation(one, run, details, uuid));
  const uuids = {
    finding: (control: string, handler: string) => uuid('finding', control, classPart(handler)),
    risk: (judged: JudgedCheck) => uuid('risk', acceptedAs(judged)),
    observation: (judged: JudgedCheck) => observationOf(uuid, judged),
  };
  const found = findings(run, details, uuids);
  const accepted = risks(run, uuids);
  const controls = [...new Set(found.map((one) => one.control))];
  return {
    uuid: uuid('result'),
    title: 'Run',
    description: markup(sentence),
    start: utc(run.run.started),
    end: utc(run.run.finished),
    props: props([
      ['verdict', verdict],
      ['exit-code', String(exitCode)],
      ['meaning', String(run.meaning)],
      ['cluster-uid', run.cluster.uid ?? 'unknown'],
      ['cluster-version', run.cluster.version ?? 'unknown'],
      ...givenFacts(run),
    ]),
    ...(run.verdicts.length > 0 && { 'local-definitions': { components: components(run, uuid) } }),
    'reviewed-controls': {
      'control-selections': [
        // The list may not be empty. A run without a finding is a test all the same.
        { 'include-controls': (controls.length > 0 ? controls : ['ca-8']).map((id) => ({ 'control-id': id })) },
      ],
    },
    ...(observations.length > 0 && { observations }),
    ...(accepted.length > 0 && { risks: accepted }),
    ...(found.length > 0 && { findings: found.map((one) => one.finding) }),
    ...(short.length > 0 && { remarks: markup(short.map((one) => one.reason).join('\n\n')) }),
  };
}

/** A component for each handler on a node, those that paths lead to included. */
function components(run: Run, uuid: Uuid) {
  const places = run.verdicts.flatMap(({ handler, node, to }) => [{ handler, node }, ...(to ? [to] : [])]);
  return groups(places, ({ handler, node }) => JSON.stringify([handler, node])).map(([{ handler, node }]) => {
    const cell = run.cells.find((one) => one.handler === handler && one.node === node);
    const machine = run.nodes.find((one) => one.name === node);
    return {
      uuid: componentOf(uuid, { handler, node }),
      type: 'software',
      title: markup(safeLine(`${handler} on ${node}`)),
      description: 'A container runtime handler on a node.',
      props: props([
        ['handler', handler],
        ['node', node],
        ['runtime-class', cell ? (cell.runtimeClass ?? 'none') : 'unknown'],
        ['isolation-class', cell?.isolationClass ?? 'unknown'],
        ['claimed-by', cell?.claimedBy ?? 'unknown'],
        ['kernel', machine?.kernel ?? 'unknown'],
        ['os-image', machine?.osImage ?? 'unknown'],
        ['container-runtime', machine?.containerRuntime ?? 'unknown'],
      ]),
      status: { state: 'operational' },
    };
  });
}

const componentOf = (uuid: Uuid, { handler, node }: { handler: string; node: string }): string =>
  uuid('component', classPart(handler), classPart(node));
const observationOf = (uuid: Uuid, judged: JudgedCheck): string => uuid('observation', identityOf(judged));

function observation(judged: JudgedCheck, run: Run, details: Details, uuid: Uuid) {
  const { check, verdict, reason, expected, observed, control, isolationClass, to } = judged;
  const known = details.get(check);
  return {
    uuid: observationOf(uuid, judged),
    title: caseName(check),
    description: markup(reason) || verdict,
    props: props([
      ['verdict', verdict],
      ['identity', identityOf(judged)],
      ['isolation-class', isolationClass ?? 'unknown'],
      ...acceptanceFacts(judged),
      ...(known ? [['claim', known.claim] as const] : []),
      ...(known?.requirements ?? []).map((one) => ['requirement', one] as const),
    ]),
    methods: ['TEST'],
    types: ['control-objective'],
    subjects: [judged, ...(to ? [to] : [])].map((place) => ({
      'subject-uuid': componentOf(uuid, place),
      type: 'component',
    })),
    'relevant-evidence': [{ href: 'run.json', description: 'The observations of subject, control and witness.' }],
    collected: utc(run.run.finished),
    remarks: [`Expected: ${markup(expected)}`, `Observed: ${markup(observed)}`, `Control: ${markup(control)}`].join(
      '\n\n',
    ),
  };
}

const written = z.object({
  'assessment-results': z.object({
    results: z.tuple([
      z.object({
        observations: z.array(z.object({ props: z.array(z.object({ name: z.string(), value: z.string() })) })),
      }),
    ]),
  }),
});

/** What the file says of the checks themselves, which is not in the run: by the run's verdicts, in the order of the file. */
function detailsOf(json: unknown, run: Run): Details {
  const parsed = written.safeParse(json);
  const observations = parsed.success ? parsed.data['assessment-results'].results[0].observations : [];
  return new Map(
    run.verdicts.flatMap(({ check }, index) => {
      const told = observations[index]?.props ?? [];
      const values = (name: string) => told.filter((one) => one.name === name).map((one) => one.value);
      const [claim] = values('claim');
      return claim === undefined ? [] : [[check, { claim, because: '', requirements: values('requirement') }] as const];
    }),
  );
}
