import { describe, expect, it } from 'vitest';
import type { JudgedCheck } from '../harness/evidence.ts';
import { oscal } from './oscal.ts';
import { fakeAccepted, fakeRun, fakeVerdict } from './testing.ts';

interface Document {
  'assessment-results': {
    uuid: string;
    'import-ap': { href: string };
    'back-matter': { resources: { uuid: string }[] };
    results: [
      {
        'local-definitions': { components: { uuid: string; title: string }[] };
        'reviewed-controls': { 'control-selections': { 'include-controls': { 'control-id': string }[] }[] };
        observations: { uuid: string; description: string; subjects: { 'subject-uuid': string }[] }[];
        risks?: {
          uuid: string;
          statement: string;
          status: string;
          deadline: string;
          'related-observations': { 'observation-uuid': string }[];
        }[];
        findings?: {
          uuid: string;
          title: string;
          target: { 'target-id': string; status: { state: string; reason: string } };
          'related-observations': { 'observation-uuid': string }[];
          'related-risks'?: { 'risk-uuid': string }[];
          remarks: string;
        }[];
      },
    ];
  };
}

const check = 'kernel-isolation/boot-id-is-not-the-nodes';
const about = (...requirements: string[]) =>
  new Map([[check, { claim: 'It is so.', because: 'It is.', requirements }]]);
const sc39 = 'nist-800-53@5.1.1#SC-39';

const write = (verdicts: JudgedCheck[], details = about(sc39), changes = {}) =>
  (JSON.parse(oscal(fakeRun(verdicts, changes), details)) as Document)['assessment-results'];
const found = (...given: Parameters<typeof write>) =>
  write(...given).results[0].findings?.map(
    ({ title, target: { status } }) => `${title}: ${status.state}, ${status.reason}`,
  );

describe('a finding', () => {
  it.each([
    [['held'], 'satisfied, pass'],
    [['held', 'not-applicable'], 'satisfied, pass'],
    [['held', 'exposed'], 'not-satisfied, other'],
    [['exposed', 'inconclusive'], 'not-satisfied, other'],
    [['held', 'inconclusive', 'breached'], 'not-satisfied, fail'],
  ] as const)('of %j is %s', (verdicts, expected) => {
    const judged = verdicts.map((verdict, index) => fakeVerdict({ verdict, node: `node-${index}` }));
    expect(found(judged)).toEqual([`SC-39 under kata-qemu: ${expected}`]);
  });

  it('is not satisfied by a run that did not come to its end', () => {
    const interrupted = { run: { ...fakeRun([]).run, interrupted: 'SIGINT' } };
    expect(found([fakeVerdict()], about(sc39), interrupted)).toEqual(['SC-39 under kata-qemu: not-satisfied, other']);
  });

  it('is of one handler: what holds under one says nothing of another', () => {
    const judged = [fakeVerdict(), fakeVerdict({ handler: 'runc', verdict: 'exposed' })];
    expect(found(judged)).toEqual(['SC-39 under kata-qemu: satisfied, pass', 'SC-39 under runc: not-satisfied, other']);
  });

  it('is not there where there was nothing to try', () => {
    expect(found([fakeVerdict({ verdict: 'not-applicable' })])).toBeUndefined();
  });

  it.each([
    ['asks for tests to be made', 'nist-800-53@5.1.1#CA-8'],
    ['is of a framework without a catalogue in OSCAL', 'pci-dss@4.0.1#A1.1.1'],
    ['does not exist', 'nist-800-53@5.1.1#SC-390'],
    ['is of another version', 'nist-800-53@4#SC-39'],
  ])('is not there for a requirement that %s', (_, reference) => {
    expect(found([fakeVerdict()], about(reference))).toBeUndefined();
  });

  it('names the statement as the catalogue of NIST does, and does not claim more than support', () => {
    const [finding] = write([fakeVerdict()], about('nist-800-53@5.1.1#SC-7(21)')).results[0].findings!;
    expect(finding!.target['target-id']).toBe('sc-7.21_smt');
    expect(finding!.remarks).toContain('it does not say that the control is implemented');
  });
});

it('has a risk with an approved deviation for what somebody accepts, and the finding stays', () => {
  const { verdicts, deviations } = fakeAccepted();
  const judged = [...verdicts, ...fakeAccepted({ node: 'node-b' }).verdicts, fakeVerdict({ handler: 'runsc' })];
  const [{ risks = [], findings = [], observations }] = write(judged, about(sc39), { deviations }).results;
  expect(risks).toMatchObject([
    {
      status: 'deviation-approved',
      statement: 'accepted until 2027-03-31 by Jo Doe: Ticket 4711.',
      deadline: '2027-03-31T23:59:59Z',
      'related-observations': observations.slice(0, 2).map((one) => ({ 'observation-uuid': one.uuid })),
    },
  ]);
  expect(findings.map((one) => [one.target.status.state, one['related-risks']])).toEqual([
    ['not-satisfied', [{ 'risk-uuid': risks[0]!.uuid }]],
    ['satisfied', undefined],
  ]);
  expect(write([fakeVerdict({ verdict: 'breached' })]).results[0].risks).toBeUndefined();
});

it('refers to nothing that is not there, and names nothing twice', () => {
  const judged = [
    fakeVerdict({ to: { node: 'node-b', handler: 'runc' } }),
    fakeVerdict({ to: { node: 'node-b', handler: 'kata-qemu' } }),
    fakeVerdict({ node: 'node-b', handler: 'runc' }),
  ];
  const document = write(judged);
  const { observations, findings = [], 'local-definitions': local } = document.results[0];
  const components = local.components.map((one) => one.uuid);
  expect(local.components.map((one) => one.title)).toEqual([
    'kata-qemu on node-a',
    'runc on node-b',
    'kata-qemu on node-b',
  ]);
  expect(observations.flatMap((one) => one.subjects).every((one) => components.includes(one['subject-uuid']))).toBe(
    true,
  );
  expect(findings.flatMap((one) => one['related-observations'].map((of) => of['observation-uuid']))).toEqual(
    observations.map((one) => one.uuid),
  );
  expect(document['import-ap'].href).toBe(`#${document['back-matter'].resources[0]!.uuid}`);
  const uuids = JSON.stringify(document).match(/"uuid":"[^"]+"/g)!;
  expect(new Set(uuids).size).toBe(uuids.length);
});

it('keeps the UUIDs of a run, and gives another run others', () => {
  expect(write([fakeVerdict()]).uuid).toBe(write([fakeVerdict()]).uuid);
  const another = { run: { ...fakeRun([]).run, id: '5e6f7a8b' } };
  expect(write([fakeVerdict()], about(sc39), another).uuid).not.toBe(write([fakeVerdict()]).uuid);
});

it('leaves no markup of a container in force', () => {
  const reason = '<script>x</script> ![i](u) [l](javascript:x) `c` {{ insert: param, p }} &lt; \\';
  const [observation] = write([fakeVerdict({ reason })]).results[0].observations;
  expect(observation!.description.replaceAll(/\\[\\`[\]<>{}&]/g, '')).not.toMatch(/[\\`[\]<>{}&]/);
});
