import { SaxesParser } from 'saxes';
import type { Cell, CitedProof, JudgedCheck, Run } from '../harness/evidence.ts';
import type { Details } from './details.ts';

/** A cell of a run that tests made up. */
export const fakeCell = (cell: Partial<Cell> = {}): Cell => {
  const handler = cell.handler ?? 'kata-qemu';
  const node = cell.node ?? 'node-a';
  return {
    id: `${handler}/${node}`,
    node,
    handler,
    runtimeClass: handler,
    isolationClass: 'guest-kernel',
    claimedBy: `handler ${handler} is named as Kata Containers`,
    tested: true,
    reference: false,
    ...cell,
  };
};

/** The reference handler's cell. */
export const fakeReference = (cell: Partial<Cell> = {}): Cell =>
  fakeCell({
    handler: 'runc',
    isolationClass: 'shared-kernel',
    claimedBy: 'handler runc is named as a conventional OCI runtime',
    reference: true,
    ...cell,
  });

/** A verdict that tests made up. */
export const fakeVerdict = (judged: Partial<JudgedCheck> = {}): JudgedCheck => ({
  check: 'kernel-isolation/boot-id-is-not-the-nodes',
  node: 'node-a',
  handler: 'kata-qemu',
  isolationClass: 'guest-kernel',
  verdict: 'held',
  reason: 'read /proc/sys/kernel/random/boot_id: not the value of the node',
  expected: 'contained',
  observed: 'read /proc/sys/kernel/random/boot_id: contained: not the value of the node',
  control: 'restricted under runc: reached: the value of the node',
  ...judged,
});

/** A run with these verdicts, on the nodes and cells that they name unless others are given. */
export function fakeRun(verdicts: readonly JudgedCheck[], changes: Partial<Run> = {}): Run {
  const nodes = [...new Set(verdicts.map((one) => one.node))];
  const cells = [...new Map(verdicts.map((one) => [`${one.handler}/${one.node}`, one])).values()].map(
    ({ handler, node, isolationClass }) =>
      handler === 'runc' ? fakeReference({ node }) : fakeCell({ handler, node, isolationClass }),
  );
  return {
    schema: 1,
    meaning: 1,
    suite: { name: 'cofferdam', version: '0.1.0' },
    run: {
      id: '1a2b3c4d',
      started: '2026-11-20T08:30:00.250Z',
      finished: '2026-11-20T08:32:05.250Z',
      options: {},
      slowness: 1,
      requests: {},
    },
    cluster: { uid: '7d1e4f0a-0000-4000-8000-000000000000', version: 'v1.34.1' },
    probe: { image: 'cofferdam-probe:0.1.0', digests: ['sha256:aa', 'sha256:bb'] },
    nodes: nodes.map((name) => ({
      name,
      kernel: '6.12.40',
      osImage: 'Debian GNU/Linux 13',
      architecture: 'amd64',
      containerRuntime: 'containerd://2.1.4',
      kubelet: 'v1.34.1',
      bootId: `boot-${name}`,
    })),
    cells,
    catalogue: { sha256: 'c0ffee', checks: new Set(verdicts.map((one) => one.check)).size },
    roster: verdicts.map(({ check, handler, node }) => ({ check, cell: `${handler}/${node}` })),
    containers: [],
    canaries: {},
    network: { paths: [], marks: {} },
    missingHandler: {},
    troubles: [],
    verdicts: [...verdicts],
    ...changes,
  };
}

/**
 * A run as a cluster gives it: three handlers on three nodes, of which the last is unlike the others. There a check is
 * breached under Kata, and one could not be decided.
 */
export function fakeClusterRun(checks: readonly string[], changes: Partial<Run> = {}): Run {
  const handlers = [
    { handler: 'kata-qemu', isolationClass: 'guest-kernel' },
    { handler: 'runsc', isolationClass: 'application-kernel' },
    { handler: 'runc', isolationClass: 'shared-kernel' },
  ] as const;
  const of = (check: string, node: string, handler: string): Partial<JudgedCheck> => {
    const control = { control: 'privileged under runc: reached: what is the node\u2019s' };
    if (handler === 'runc' && /kernel-isolation|privileged/.test(check)) {
      const reason =
        'read what is the node\u2019s: it is the same; a container shares the kernel of its node by design';
      return {
        verdict: 'exposed',
        reason,
        expected: 'exposed: by design',
        observed: 'reached: it is the same',
        ...control,
      };
    }
    if (handler === 'kata-qemu' && node === 'node-c' && check === 'host-devices/node-disk-cannot-be-opened')
      return { verdict: 'breached', reason: 'make and open device b 8:0: the node\u2019s disk was opened', ...control };
    if (handler === 'runsc' && node === 'node-c' && check === 'namespace-escape/masked-paths-are-masked')
      return { verdict: 'inconclusive', reason: 'could not look into /proc/kcore: the probe was killed', ...control };
    if (handler === 'runsc' && check === 'namespace-escape/core-pattern-is-not-writable')
      return { verdict: 'not-applicable', reason: 'the Sentry has no core_pattern (ENOENT)', ...control };
    return control;
  };
  const verdicts = ['node-a', 'node-b', 'node-c'].flatMap((node) =>
    handlers.flatMap(({ handler, isolationClass }) =>
      checks.map((check) => fakeVerdict({ check, node, handler, isolationClass, ...of(check, node, handler) })),
    ),
  );
  return fakeRun(verdicts, {
    troubles: [{ what: 'pod subject-2 on node-c', cause: 'OOMKilled after 41 s' }],
    ...changes,
  });
}

/** A verdict that somebody accepts, and what the run was given for it, as `applyDeviations` leaves them. */
export function fakeAccepted(judged: Partial<JudgedCheck> = {}): Pick<Run, 'verdicts' | 'deviations'> {
  const deviation = { reason: 'Ticket 4711.', acceptedBy: 'Jo Doe', expires: '2027-03-31' };
  const accepted = fakeVerdict({ verdict: 'breached', reason: 'the node answered', ...judged, deviation });
  const { check, handler } = accepted;
  return {
    verdicts: [accepted],
    deviations: {
      ...{ file: 'accepted.yaml', sha256: 'c0ffee', at: '2026-11-20T08:32:05.250Z' },
      entries: [
        { check, handler, nodes: '*', verdict: 'breached', ...deviation, state: 'accepted', selected: 1, matched: 1 },
      ],
    },
  };
}

/** A proof on the kind of node that `fakeRun` has, as a run cites it. */
export const fakeCited = (changes: Partial<CitedProof> = {}): CitedProof => ({
  sha256: 'f00d',
  finished: '2026-11-19T20:00:00.000Z',
  caught: 225,
  planned: 225,
  node: {
    kernel: '6.12.40',
    osImage: 'Debian GNU/Linux 13',
    containerRuntime: 'containerd://2.1.4',
    kubelet: 'v1.34.1',
  },
  ...changes,
});

/** What the catalogue says of the check that `fakeVerdict` names. */
export const fakeDetails: Details = new Map([
  [
    'kernel-isolation/boot-id-is-not-the-nodes',
    {
      claim: "The pod runs on a kernel that booted separately from the node's.",
      because: 'A shared kernel is the attack surface that every container escape through the kernel uses.',
      requirements: ['nist-800-53@5.1.1#SC-39', 'nist-800-53@5.1.1#SC-4', 'mitre-attack@18.1#T1611'],
      line: 6,
    },
  ],
]);

/** An element of XML as any parser sees it: for tests that read a report as somebody else would. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Its own text, without that of its children. */
  text: string;
  /** All text in it, in the order of the document. */
  everything: string;
}

/** The root element of well-formed XML; throws otherwise. */
export function parseXml(xml: string): XmlElement {
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '', everything: '' };
  const open = [top];
  const parser = new SaxesParser();
  const text = (part: string) => {
    const element = open.at(-1);
    if (element) element.text += part;
    for (const one of open) one.everything += part;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [], text: '', everything: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', text);
  parser.on('cdata', text);
  parser.write(xml).close();
  const [root] = top.children;
  if (!root) throw new Error('no element');
  return root;
}

/** Children of that name. */
export const childrenOf = (element: XmlElement, ...names: string[]): XmlElement[] =>
  element.children.filter((child) => names.includes(child.name));

/** All elements of that name below, at any depth. */
export const descendantsOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendantsOf(child, name)]);
