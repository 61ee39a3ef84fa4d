import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JudgedCheck } from '../harness/evidence.ts';
import { terminalReport } from './terminal.ts';
import { fakeCited, fakeDetails, fakeReference, fakeRun, fakeVerdict } from './testing.ts';

const plain = { color: false, width: 100 };
const bootId = 'kernel-isolation/boot-id-is-not-the-nodes';
const unwatched = 'tried to open it: the witness did not watch from beginning to end';

/** What one node with runc and Kata shows; node-b has lost a boundary. */
function onNode(node: string): JudgedCheck[] {
  const runc = { node, handler: 'runc', isolationClass: 'shared-kernel' } as const;
  const disk = { check: 'host-devices/disk-is-not-the-nodes' };
  const path = { check: 'tenant-network/closed-path-is-closed' };
  return [
    fakeVerdict({ ...runc, verdict: 'exposed', reason: 'read boot_id: the value of the node; runc shares the kernel' }),
    fakeVerdict({
      node,
      ...(node === 'node-b' && { verdict: 'breached', reason: 'read boot_id: the value of the node' }),
    }),
    fakeVerdict({
      ...runc,
      ...disk,
      verdict: 'not-applicable',
      reason: 'open /dev/vda: ENOENT, and the control found nothing either',
    }),
    fakeVerdict({ node, ...disk, verdict: 'inconclusive', reason: unwatched }),
    fakeVerdict({ ...runc, ...path, to: { node, handler: 'runc' } }),
    fakeVerdict({
      ...runc,
      ...path,
      to: { node, handler: 'kata-qemu' },
      verdict: 'inconclusive',
      reason: 'no answer before\nthe policy',
    }),
    fakeVerdict({ node, ...path, to: { node, handler: 'runc' } }),
  ];
}

describe('the report', () => {
  it('of one node', () => {
    const run = fakeRun(onNode('node-a'), {
      troubles: [
        { what: 'deleting pod a', cause: 'timed out' },
        { what: 'deleting pod a', cause: 'timed out' },
      ],
    });
    expect(`\n${terminalReport(run, fakeDetails, plain)}\n`).toBe(`
Cofferdam 0.1.0 (meaning 1) · run 1a2b3c4d · Kubernetes v1.34.1 · 2 min 5 s
Node: node-a (Linux 6.12.40, containerd://2.1.4)
  runc       shared-kernel, claimed by: handler runc is named as a conventional OCI runtime; also
             the reference
  kata-qemu  guest-kernel, claimed by: handler kata-qemu is named as Kata Containers

                            runc     kata-qemu
kernel-isolation
  boot-id-is-not-the-nodes  exposed  held
host-devices
  disk-is-not-the-nodes     n/a      unclear
tenant-network
  closed-path-is-closed     unclear  held

held: the claim is true · unclear: inconclusive, could not be decided
exposed: this class does not claim the boundary · n/a: there is nothing to try

Inconclusive (2)
  host-devices/disk-is-not-the-nodes (kata-qemu): tried to open it: the witness did not watch from
      beginning to end
  tenant-network/closed-path-is-closed (runc to kata-qemu): no answer before the policy

Exposed (1), runc
  kernel-isolation/boot-id-is-not-the-nodes: read boot_id: the value of the node; runc shares the
      kernel

Not applicable (1), runc
  host-devices/disk-is-not-the-nodes: open /dev/vda: ENOENT, and the control found nothing either

Went wrong on the way (2)
  deleting pod a: timed out (2 times)

3 held · 0 breached · 2 inconclusive · 1 exposed · 1 not applicable
Not decided (exit code 3): 2 verdicts could not be decided, so conformance was not shown.
`);
  });

  it('of a breach that somebody accepts, and one that nobody does', () => {
    const breach = (node: string) => fakeVerdict({ node, verdict: 'breached' });
    const deviation = { reason: 'Ticket', acceptedBy: 'Jo', expires: '2027-03-31' };
    const report = terminalReport(fakeRun([{ ...breach('node-a'), deviation }, breach('node-b')]), fakeDetails, plain);
    expect(report).toMatch(/boot-id-is-not-the-nodes +BREACHED \(accepted\) +BREACHED\n/);
    expect(report).toContain('(accepted): it stands, and a deviation accepts it');
    expect(terminalReport(fakeRun([breach('node-a')]), fakeDetails, plain)).not.toContain('(accepted)');
  });

  it('of three nodes, two of them alike', () => {
    const run = fakeRun(['node-a', 'node-b', 'node-c'].flatMap(onNode));
    const report = terminalReport(run, fakeDetails, plain);
    expect(report.slice(report.indexOf('\n\n') + 1)).toBe(`
                            node-a +1            node-b
                            runc      kata-qemu  runc      kata-qemu
kernel-isolation
  boot-id-is-not-the-nodes  exposed   held       exposed   BREACHED
host-devices
  disk-is-not-the-nodes     n/a       unclear    n/a       unclear
tenant-network
  closed-path-is-closed     unclear   held       unclear   held

node-a +1: the same verdicts on node-a, node-c

held: the claim is true · BREACHED: it is not · unclear: inconclusive, could not be decided
exposed: this class does not claim the boundary · n/a: there is nothing to try

Breached (1), kata-qemu on node-b
  kernel-isolation/boot-id-is-not-the-nodes: read boot_id: the value of the node
      Claim: The pod runs on a kernel that booted separately from the node's. Why it matters: A
      shared kernel is the attack surface that every container escape through the kernel uses.

Inconclusive (6)
  host-devices/disk-is-not-the-nodes (kata-qemu on all of its 3 nodes): tried to open it: the
      witness did not watch from beginning to end
  tenant-network/closed-path-is-closed (runc@node-a to kata-qemu@node-a, runc@node-b to
      kata-qemu@node-b, runc@node-c to kata-qemu@node-c): no answer before the policy

Exposed (3), runc on all of its 3 nodes
  kernel-isolation/boot-id-is-not-the-nodes: read boot_id: the value of the node; runc shares the
      kernel

Not applicable (3), runc on all of its 3 nodes
  host-devices/disk-is-not-the-nodes: open /dev/vda: ENOENT, and the control found nothing either

8 held · 1 breached · 6 inconclusive · 3 exposed · 3 not applicable
Breached (exit code 1): 1 boundary did not hold, and there may be more: 6 verdicts could not be
decided.`);
  });

  it('merges checks that share a place and a reason', () => {
    const checks = ['host-devices/a', 'host-devices/b', 'host-devices/c'];
    const run = fakeRun(checks.map((check) => fakeVerdict({ check, verdict: 'inconclusive', reason: unwatched })));
    expect(terminalReport(run, fakeDetails, plain)).toContain(`
Inconclusive (3), kata-qemu
  host-devices/a, host-devices/b, host-devices/c: tried to open it: the witness did not watch from
      beginning to end
`);
  });

  it('continues a table that is too wide in another', () => {
    const handlers = Array.from({ length: 9 }, (_, index) => `kata-handler-${index}`);
    const report = terminalReport(fakeRun(handlers.map((handler) => fakeVerdict({ handler }))), fakeDetails, {
      color: false,
      width: 80,
    });
    expect(report.match(/^ {2}boot-id-is-not-the-nodes/gm)).toHaveLength(3);
    for (const handler of handlers) expect(report).toMatch(new RegExp(`^ {20}.*${handler}`, 'm'));
  });

  it('says a cell that serves as control only, a RuntimeClass of another name, and a slow cluster', () => {
    const run = fakeRun([fakeVerdict()]);
    run.cells = [
      { ...run.cells[0]!, runtimeClass: 'secure', isolationClass: null, claimedBy: 'nobody' },
      fakeReference({ handler: '(default)', runtimeClass: null, tested: false, claimedBy: 'the reference handler' }),
    ];
    run.run.slowness = 2.5;
    const report = terminalReport(run, fakeDetails, plain);
    expect(report).toContain('  kata-qemu  class unknown, RuntimeClass secure, claimed by: nobody\n');
    expect(report).toContain(
      '  (default)  shared-kernel, claimed by: the reference handler; the reference, for controls only\n',
    );
    expect(report).toMatch(/the cluster was 2.5\s+times slower than expected/);
  });
});

describe('a proof', () => {
  const wide = { color: false, width: 400 };
  const report = (nodes: readonly string[], proof = fakeCited()) =>
    terminalReport(fakeRun(nodes.flatMap(onNode), { proof }), fakeDetails, wide).split('\n');
  const seen =
    'This version of the suite caught 225 of 225 planted breaches on a node of Linux 6.12.40, containerd://2.1.4';

  it('is cited in one sentence before what the run came to', () => {
    expect(report(['node-a', 'node-c']).slice(-4, -2)).toEqual([`${seen}, the same kind as in this run.`, '']);
  });
  it('says how many of how many, also when some were missed', () => {
    expect(report(['node-a'], fakeCited({ caught: 220 })).join('\n')).toContain('caught 220 of 225 planted');
  });
  it.each([
    ['another kernel', { kernel: '5.15.0' }, 'Linux 5.15.0, containerd://2.1.4'],
    ['another container runtime', { containerRuntime: 'cri-o://1.34.0' }, 'Linux 6.12.40, cri-o://1.34.0'],
  ])('says where the run was on %s', (_, other, kind) => {
    const proof = fakeCited({ node: { ...fakeCited().node, ...other } });
    expect(report(['node-a'], proof)).toContain(
      `This version of the suite caught 225 of 225 planted breaches on a node of ${kind}; this run was on another kind of node: node-a (Linux 6.12.40, containerd://2.1.4).`,
    );
  });
  it('says which of several nodes are of another kind', () => {
    const run = fakeRun(['node-a', 'node-b'].flatMap(onNode), { proof: fakeCited() });
    run.nodes = run.nodes.map((node) => (node.name === 'node-b' ? { ...node, kernel: '5.15.0' } : node));
    expect(terminalReport(run, fakeDetails, wide)).toContain(
      `${seen}; this run was also on another kind of node: node-b (Linux 5.15.0, containerd://2.1.4).`,
    );
  });
  it('is not spoken of where the run cites none', () => {
    expect(terminalReport(fakeRun(onNode('node-a')), fakeDetails, wide)).not.toContain('planted');
  });
});

describe('the last line', () => {
  const last = (run: ReturnType<typeof fakeRun>) =>
    terminalReport(run, fakeDetails, { color: false, width: 200 }).split('\n').at(-1);

  it('says what the exit code means', () => {
    const interrupted = fakeRun([fakeVerdict()]);
    interrupted.run.interrupted = 'SIGINT';
    const short = fakeRun([fakeVerdict()]);
    short.roster.push({ check: bootId, cell: 'runc/node-a' });
    expect(
      [
        fakeRun([fakeVerdict()]),
        fakeRun([fakeVerdict({ verdict: 'exposed' })]),
        fakeRun([fakeVerdict({ verdict: 'breached' })]),
        fakeRun([]),
        interrupted,
        short,
      ].map(last),
    ).toEqual([
      'Conformant (exit code 0): 1 verdict held and none was breached.',
      'Conformant (exit code 0): nothing was breached, but nothing held either: no handler that was tested claims a boundary that was tried.',
      'Breached (exit code 1): 1 boundary did not hold.',
      'Not decided (exit code 3): no check was decided: the run says nothing about this cluster, so conformance was not shown.',
      'Not decided (exit code 3): the run was interrupted: SIGINT, so conformance was not shown.',
      'Not decided (exit code 3): 2 verdicts were planned, there are 1, so conformance was not shown.',
    ]);
  });
});

describe('colour', () => {
  const run = fakeRun(['node-a', 'node-b'].flatMap(onNode));

  it('changes nothing but colour', () => {
    const colored = terminalReport(run, fakeDetails, { color: true, width: 100 });
    expect(colored).toContain('\u001b[1m\u001b[31mBREACHED');
    expect(stripVTControlCharacters(colored)).toBe(terminalReport(run, fakeDetails, plain));
  });
  it('is absent when it is not wanted', () => {
    expect(terminalReport(run, fakeDetails, plain)).not.toContain('\u001b');
  });
});

it('is never wider than the terminal', () => {
  const run = fakeRun(['node-a', 'node-b'].flatMap(onNode));
  for (const width of [60, 72, 80, 100, 160]) {
    expect(
      Math.max(
        ...terminalReport(run, fakeDetails, { color: false, width })
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(width);
  }
});
