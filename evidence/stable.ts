import { isMadeByTheProbe } from '../harness/attempt.ts';
import type { Attempt, Observation } from '../harness/attempt.ts';
import type { ContainerEvidence, Evidence } from '../harness/evidence.ts';
import { isCut } from '../harness/outcome.ts';
import type { NodeView } from '../harness/judge/witness.ts';
import { mountsIn, stableMounts } from './stable-mounts.ts';
import type { Mount } from './stable-mounts.ts';

/** What an observation is compared with, in its own run. */
export interface Surroundings {
  node: NodeView | undefined;
  /** Texts of this run alone, longest first, and what they stand for. */
  names: readonly (readonly [text: string, name: string])[];
}

type Value = Record<string, unknown>;
type Rule = (value: Value, attempt: Attempt, around: Surroundings) => unknown;

/**
 * Which values of an attempt say something about the runtime, and not about the moment. Values that differ between any two
 * runs (boot ids, inode numbers of namespaces, pids, counts of processes, times) are left out, or told by what they are in
 * terms of the node: its own, or the node's. Each kind has to answer.
 */
const rules: Record<Attempt['kind'], Rule> = {
  read: (value, attempt, around) => {
    const path = attempt.kind === 'read' ? attempt.path : '';
    const text = String(value['text']);
    // Modules are loaded when they are first needed; whether the list is the node's, the outcome says.
    if (path === '/proc/modules') return { lists: text === '' ? 'no modules' : 'modules' };
    if (path.endsWith('/mountinfo')) return { mounts: stableMounts(mountsIn(text)) };
    // A pod has another address each time; that it is its own name that stands there, the outcome says.
    if (path === '/etc/hosts') return { text: text.replaceAll(addressOfHost, '{address}') };
    // A digest of a text with something of the run in it is of that run.
    return anonymous(text, around) === text ? { text, sha256: value['sha256'] } : { text };
  },
  open: (value) => value,
  // How much is behind a path moves; that something is, does not.
  peek: ({ bytes, entries, ...rest }) => ({
    ...rest,
    ...(bytes !== undefined && { content: bytes === 0 ? 'none' : 'some' }),
    ...(entries !== undefined && { content: entries === 0 ? 'none' : 'some' }),
  }),
  // Numbers of most devices are given in the order in which drivers load.
  list: (value) => ({
    entries: records(value['entries'])
      .filter((one) => !isMadeByTheProbe(String(one['name'])))
      .map((one) => `${String(one['type'])} ${String(one['name'])}`)
      .sort(),
  }),
  search: (value) => ({
    found: value['found'] !== undefined,
    ...(value['at'] !== undefined && { at: value['at'] }),
    ...(isCut(value) && { truncated: true }),
  }),
  connect: ({ class: result, reply }) => ({ class: result, reply }),
  packet: ({ class: result, reply }) => ({ class: result, reply }),
  bind: (value) => ({ found: value['found'] !== undefined }),
  http: (value) => value,
  // A service may have another port each time.
  services: (value) => ({
    answers: [
      ...new Set(
        records(value['answers']).map((one) =>
          [one['asked'], one['over'], one['status'] ?? 'a reply'].map(String).join(' '),
        ),
      ),
    ].sort(),
  }),
  listening: (value) => value,
  call: (value) => value,
  handle: (value) => ({ found: value['found'] !== undefined }),
  device: (value) => value,
  devices: (value) => ({
    devices: records(value['devices'])
      .map((one) => `${String(one['type'])} ${String(one['path'])}`)
      .sort(),
  }),
  files: (value) => ({
    files: records(value['files'])
      .map((one) => `${String(one['type'])} ${String(one['path'])}`)
      .sort(),
  }),
  namespaces: (value, _, { node }) =>
    Object.fromEntries(
      Object.entries(value).map(([process, kinds]) => [
        process,
        ownOrTheNodes(kinds as Value | null, node?.namespaces ?? {}),
      ]),
    ),
  credentials: (value) => value,
  executed: (value, attempt, around) =>
    attempt.kind === 'executed'
      ? rules[attempt.look === 'apparmor' || attempt.look === 'oom' ? 'read' : attempt.look](value, attempt, around)
      : value,
  environment: (value) => value,
  // A pod has other addresses each time; that they are those that the cluster knows, the outcome says.
  addresses: (value) => ({
    interfaces: records(value['addresses'])
      .map((one) => String(one['interface']))
      .sort(),
  }),
  mounts: (value) => ({ mounts: stableMounts(value['mounts'] as Mount[]) }),
  processes: ({ others }) => ({ others: others === 0 ? 'none' : 'some' }),
  disks: (value) => ({ disks: records(value['disks']).map(({ major: _, minor: _minor, ...disk }) => disk) }),
  volumes: (value) => value,
  limits: (value) => value,
  descriptors: (value) => ({
    descriptors: records(value['descriptors']).map(({ device: _, inode: _inode, ...descriptor }) => descriptor),
  }),
  priority: (value) => value,
  personality: (value) => value,
  load: ({ times }) => ({ times }),
  identity: ({ bootId, btime, ...kernel }, _, { node }) => ({
    ...kernel,
    bootId: bootId === undefined ? 'none' : bootId === node?.identity?.['bootId'] ? "the node's" : 'its own',
    booted:
      Math.abs(Number(btime) - Number(node?.identity?.['btime'])) <= bootTimeTolerance ? 'with the node' : 'on its own',
  }),
};

/** The address at the beginning of a line of hosts(5). */
const addressOfHost = /^[0-9a-f.:]+(?=\s)/gim;

/** Seconds, as the oracle of boot times has it. */
const bootTimeTolerance = 2;

const records = (value: unknown): Value[] => (Array.isArray(value) ? (value as Value[]) : []);

/** Inode numbers, told as whose namespace it is. */
const ownOrTheNodes = (kinds: Value | null, nodes: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(kinds ?? {}).map(([kind, inode]) => [kind, inode === nodes[kind] ? "the node's" : 'its own']),
  );

/** What of an observation is the same in every run of the same thing. Durations never are. */
export function stableObservation(attempt: Attempt, observation: Observation, around: Surroundings): Value {
  const { value, errno, step, notAttempted } = observation;
  const stable = {
    ...(value !== undefined && { value: rules[attempt.kind](value, attempt, around) }),
    ...(errno !== undefined && { errno, ...(step !== undefined && { step }) }),
    ...(notAttempted !== undefined && { notAttempted }),
  };
  return withoutRunsOwn(stable, around) as Value;
}

/** A sentence about an outcome without what differs between any two runs: numbers count tries, processes and moments. */
export const stableSentence = (sentence: string, around: Surroundings): string =>
  (withoutRunsOwn(sentence, around) as string).replaceAll(/\d+/g, '#');

/** Shorter texts, such as the number of a device, also mean other things. */
const tellingLength = 4;

/** What an observation of this container is told in terms of. */
export function surroundingsOf(
  container: ContainerEvidence | undefined,
  evidence: Evidence,
  node: NodeView | undefined,
): Surroundings {
  const canaries = Object.values(evidence.canaries).flatMap((ofNode) =>
    Object.entries(ofNode).map(([name, token]) => [token, `{canary.${name}}`] as const),
  );
  const facts = Object.entries(container?.facts ?? {}).map(([name, fact]) => [String(fact), `{${name}}`] as const);
  const pods = evidence.containers.flatMap(({ podUid }) => (podUid ? [[podUid, '{pod}'] as const] : []));
  const names = [...canaries, ...facts, ...pods, [evidence.run.id, '{run}'] as const]
    .filter(([text]) => text.length >= tellingLength)
    .sort(([a], [b]) => b.length - a.length);
  return { node, names };
}

/** Replaces what the run made up, or was given by the cluster, by what it is. */
function withoutRunsOwn(value: unknown, around: Surroundings): unknown {
  if (typeof value === 'string') return anonymous(value, around);
  if (Array.isArray(value)) return value.map((one) => withoutRunsOwn(one, around));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutRunsOwn(inner, around)]));
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Ids of containers and sandboxes, within a longer text. A digest of what was read is as long, and stands alone. */
const containerId = /(?<=.)\b[0-9a-f]{62,64}\b/g;
const processDirectory = /(?<=\/proc\/)(?!1\b)\d+/g;
const inode = /(?<=[a-z_]:\[)\d+(?=\])/g;

const anonymous = (text: string, { names }: Surroundings): string =>
  names
    .reduce((result, [from, to]) => result.replaceAll(from, to), text)
    .replaceAll(uuid, '{uuid}')
    .replaceAll(containerId, '{id}')
    .replaceAll(processDirectory, '{pid}')
    .replaceAll(inode, '{inode}');
