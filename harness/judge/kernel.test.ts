import { describe, expect, test } from 'vitest';
import { attribution, podView } from './attribution.ts';
import { judgeAttempt } from './judge.ts';
import { markOf, processOnNode, proveKernel, sharedNamespaces, valueOf } from './kernel.ts';
import { strayCgroup } from './sandbox.ts';
import { cellOf, evidenceOf, gvisor, nodeBoot, runc, subject, witness } from '../testing/evidence.ts';
import type { WitnessTells } from '../testing/evidence.ts';
import { nodeView } from './witness.ts';

const view = (tells: WitnessTells) => nodeView(evidenceOf([witness(tells)]), 'n');
const prove = (container: ReturnType<typeof subject>, tells?: WitnessTells) => {
  const evidence = evidenceOf([witness(tells), subject(runc, nodeBoot), container]);
  return proveKernel(container, nodeView(evidence, 'n'), evidence).answer;
};

describe("the node's kernel is proved", () => {
  test('by the process in its table', () => expect(prove(subject(runc, nodeBoot))).toBe('node'));
  test('by the process alone, when the boot id is faked', () =>
    expect(prove(subject(gvisor, 'faked'), { marks: ['runc', 'runsc'] })).toBe('node'));
  test('by the boot id alone, when the process was missed', () =>
    expect(prove(subject(gvisor, nodeBoot))).toBe('node'));
});

describe('another kernel is proved', () => {
  test('when neither shows, and the same witness found the reference', () =>
    expect(prove(subject(gvisor, 'own'))).toBe('another'));
});

describe('nothing is proved', () => {
  test.each<[string, ReturnType<typeof subject>, WitnessTells]>([
    ['without the reference being found', subject(gvisor, 'own'), { marks: [] }],
    ['when the witness went away', subject(gvisor, 'own'), { complete: false }],
    ['when the witness did not see the pod', subject(gvisor, 'own'), { pods: ['runc'] }],
    ['when the container shows no boot id', subject(gvisor, undefined), {}],
    ['when the container did not end', subject(gvisor, 'own', { complete: false, cause: 'cut' }), {}],
  ])('%s', (_, container, tells) => expect(prove(container, tells)).toBe('unknown'));
  test('without a witness', () => {
    const container = subject(gvisor, 'own');
    expect(proveKernel(container, undefined, evidenceOf([container])).answer).toBe('unknown');
  });
});

describe('namespaces in common with another pod', () => {
  const own = subject(runc, nodeBoot);
  const other = subject(runc, nodeBoot, { podUid: 'uid-other', pod: 'runc-other' });
  const shared = (...pods: string[]) => {
    const line = { id: 'census', kind: 'shared-namespace', value: { kind: 'ipc', number: '7', pods } };
    const told = witness();
    const evidence = evidenceOf([{ ...told, observations: [...told.observations, line] }, own, other]);
    return sharedNamespaces(own, nodeView(evidence, 'n'), evidence);
  };
  test('are those of which the witness says so, by the name of the other', () => {
    expect(shared('uid-runc', 'uid-other')).toEqual({ ipc: 'runc-other' });
    expect(shared('uid-other', 'uid-runc')).toEqual({ ipc: 'runc-other' });
    expect(shared('uid-runc', 'uid-unknown')).toEqual({ ipc: 'another of this run' });
  });
  test('of two others are none of its own', () => expect(shared('uid-other', 'uid-third')).toEqual({}));
  test('are unknown without a witness', () => expect(sharedNamespaces(own, undefined, evidenceOf([own]))).toEqual({}));
});

const sentry = {
  podUid: 'uid-runsc',
  exe: '/usr/local/bin/runsc',
  argv: 'runsc-sandbox --root=/run boot',
  comm: 'exe',
};
const qemu = {
  podUid: 'uid-runsc',
  exe: '/opt/kata/bin/qemu-system-x86_64',
  argv: '/opt/kata/bin/qemu-system-x86_64 -name sandbox',
  comm: 'qemu-system-x86',
};
const verdictOf = (cell: typeof gvisor, bootId: string, tells: WitnessTells, about = attribution) => {
  const evidence = evidenceOf([witness(tells), subject(runc, nodeBoot), subject(cell, bootId)], {
    cells: [runc, cell],
  });
  return judgeAttempt({ kind: 'stopped', by: ['absent'] }, about(cell, nodeView(evidence, cell.node), evidence))
    .verdict;
};
const kata = cellOf('runsc', 'guest-kernel');

describe('a handler', () => {
  test('that is what it claims is held', () => {
    expect(verdictOf(gvisor, 'own', { processes: [sentry] })).toBe('held');
    expect(verdictOf(kata, 'own', { processes: [qemu] })).toBe('held');
  });
  test('that is runc under another name is breached', () => {
    expect(verdictOf(gvisor, nodeBoot, { marks: ['runc', 'runsc'] })).toBe('breached');
    expect(verdictOf(kata, nodeBoot, { marks: ['runc', 'runsc'] })).toBe('breached');
  });
  test('that is another sandbox than it claims is breached', () => {
    expect(verdictOf(kata, 'own', { processes: [sentry] })).toBe('breached');
    expect(verdictOf(gvisor, 'own', { processes: [qemu] })).toBe('breached');
  });
  test('of which no sandbox is seen is inconclusive', () => expect(verdictOf(gvisor, 'own', {})).toBe('inconclusive'));
  test('whose witness did not find the reference is inconclusive', () =>
    expect(verdictOf(gvisor, 'own', { marks: [], processes: [sentry] })).toBe('inconclusive'));
});

describe('a virtual machine', () => {
  const shim = {
    podUid: 'uid-runsc',
    exe: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2',
    argv: '/opt/kata/runtime-rs/bin/containerd-shim-kata-v2 -namespace k8s.io -id ab',
    comm: 'containerd-shim',
  };
  const unknown = { podUid: 'uid-runsc', exe: '/usr/bin/vmm', argv: 'vmm', comm: 'vmm' };
  const said = (tells: WitnessTells) => {
    const containers = [witness(tells), subject(runc, nodeBoot), subject(kata, 'own')];
    const evidence = evidenceOf(containers, { cells: [runc, kata] });
    const { subject: outcome } = attribution(kata, nodeView(evidence, 'n'), evidence);
    return 'seen' in outcome ? outcome.seen : outcome.why;
  };

  test('is named by its monitor, and by whether KVM runs it', () => {
    expect(said({ processes: [{ ...qemu, machine: true }] })).toContain('is QEMU, with');
    expect(said({ processes: [qemu] })).toContain('is QEMU, emulating');
    expect(said({ processes: [{ ...shim, machine: true }] })).toContain('Dragonball');
  });
  test('is seen though its monitor has an unknown name, but not against what the pod shows', () => {
    const processes = [{ ...unknown, machine: true }];
    expect(verdictOf(kata, 'own', { processes })).toBe('held');
    const gvisorInside = subject(kata, 'own', {
      observations: [{ id: 'i', kind: 'identity', value: { bootId: 'own', gvisor: true } }],
    });
    const evidence = evidenceOf([witness({ processes }), subject(runc, nodeBoot), gvisorInside], {
      cells: [runc, kata],
    });
    expect(attribution(kata, nodeView(evidence, 'n'), evidence).subject.kind).toBe('undecided');
  });
  test('is not made by the name of a shim, nor by another pod', () => {
    expect(verdictOf(kata, 'own', { processes: [shim] })).toBe('inconclusive');
    expect(verdictOf(kata, 'own', { processes: [{ ...qemu, podUid: 'uid-runc' }] })).toBe('inconclusive');
  });
  test('has to be there for each pod of the handler', () => {
    const other = subject(kata, 'own', {
      podUid: 'uid-second',
      pod: 'second',
      facts: { nonce: 'second', mark: markOf('second') },
    });
    const verdict = (tells: WitnessTells) => {
      const containers = [witness(tells), subject(runc, nodeBoot), subject(kata, 'own'), other];
      const evidence = evidenceOf(containers, { cells: [runc, kata] });
      const { subject: outcome } = attribution(kata, nodeView(evidence, 'n'), evidence);
      return outcome.kind;
    };
    const pods = ['runc', 'runsc', 'second'];
    expect(verdict({ pods, processes: [qemu] })).toBe('undecided');
    expect(verdict({ pods, processes: [qemu, { ...qemu, podUid: 'uid-second' }] })).toBe('absent');
    expect(verdict({ pods, processes: [qemu], marks: ['runc', 'second'] })).toBe('reached');
  });
});

describe("the container engine's own record", () => {
  const sandbox = { id: 'ab', podUid: 'uid-runsc', shim: '/usr/bin/containerd-shim-runc-v2' };
  test('that names another handler is a contradiction, whatever the rest says', () => {
    expect(verdictOf(kata, 'own', { processes: [qemu], sandboxes: [{ ...sandbox, handler: 'runc' }] })).toBe(
      'breached',
    );
  });
  test('that names this one, or none, or another pod, is not', () => {
    for (const sandboxes of [
      [{ ...sandbox, handler: 'runsc' }],
      [sandbox],
      [{ ...sandbox, podUid: 'uid-runc', handler: 'runc' }],
    ])
      expect(verdictOf(kata, 'own', { processes: [qemu], sandboxes })).toBe('held');
  });
});

test('from inside, a pod that shows the boot id of the node is not what it claims', () => {
  expect(verdictOf(gvisor, nodeBoot, {}, podView)).toBe('breached');
});

describe('the reference whose process proves that the witness looks', () => {
  const elsewhere = cellOf('runc', 'shared-kernel', { id: 'runc/m', node: 'm', reference: true });
  const unreferenced = cellOf('crun', 'shared-kernel');
  const container = subject(gvisor, 'own');
  const with_ = (other: ReturnType<typeof subject>, tells: WitnessTells = {}) => {
    const evidence = evidenceOf([witness(tells), other, container], { cells: [elsewhere, unreferenced, runc, gvisor] });
    return proveKernel(container, nodeView(evidence, 'n'), evidence).answer;
  };
  test('is a subject under the reference handler of the same node', () => {
    expect(with_(subject(runc, nodeBoot))).toBe('another');
    expect(with_(subject(runc, nodeBoot, { role: 'server' }))).toBe('unknown');
    expect(with_({ ...subject(runc, nodeBoot), cell: elsewhere.id })).toBe('unknown');
    expect(with_(subject(unreferenced, nodeBoot), { marks: ['crun'] })).toBe('unknown');
  });
  test('is found by its mark, not by being there', () =>
    expect(with_(subject(runc, nodeBoot, { facts: {} }))).toBe('unknown'));
});

describe('a boot id', () => {
  test('that is missing on both sides is not the same', () => {
    const blind = { ...witness(), observations: witness().observations.filter((one) => one.id !== 'truth.identity') };
    for (const bootId of [undefined, 'own']) {
      const container = subject(gvisor, bootId);
      const evidence = evidenceOf([blind, subject(runc, nodeBoot), container]);
      expect(proveKernel(container, nodeView(evidence, 'n'), evidence).answer).toBe('unknown');
    }
  });
  test('is the one of the identity, not of anything else', () => {
    const other = { id: 'x', kind: 'read', value: { bootId: nodeBoot } };
    const failed = { id: 'i', kind: 'identity', errno: 'EACCES' };
    expect(valueOf(subject(gvisor, 'own', { observations: [other, failed] }), 'identity')).toBeUndefined();
    expect(
      valueOf(
        subject(gvisor, 'own', { observations: [other, failed, ...subject(gvisor, 'own').observations] }),
        'identity',
      ),
    ).toEqual({ bootId: 'own' });
  });
});

describe('a process of the node', () => {
  test('is the container’s by its mark', () => {
    expect(processOnNode(subject(gvisor, 'x'), view({ marks: ['runc', 'runsc'] }))?.podUid).toBe('uid-runsc');
    expect(processOnNode(subject(gvisor, 'x'), view({ marks: ['runc'] }))).toBeUndefined();
    expect(processOnNode(subject(gvisor, 'x'), undefined)).toBeUndefined();
  });
  test('without a mark is nobody’s, not that of a container without one', () =>
    expect(
      processOnNode(
        subject(gvisor, 'x', { facts: {} }),
        view({ processes: [{ podUid: 'a', exe: '', argv: '', comm: '' }] }),
      ),
    ).toBeUndefined());
});

test('a mark is made of the nonce, and does not hold it', () => {
  expect(markOf('beef')).toMatch(/^cofferdam-mark-[0-9a-f]{32}$/);
  expect(markOf('beef')).not.toContain('beef');
  expect(markOf('beef')).not.toBe(markOf('dead'));
});

test('a container of a pod without a UID is not one that the witness saw', () => {
  const { podUid: _, ...nameless } = subject(gvisor, 'own');
  expect(prove(nameless)).toBe('unknown');
});

describe('the cgroup of a container', () => {
  const uid = '3617b482-329b-5dfe-ae61-e8fad555d2fb';
  const container = subject(gvisor, 'own', { podUid: uid });
  const strayed = (...cgroups: string[]) =>
    strayCgroup(container, view({ processes: cgroups.map((cgroup) => ({ ...sentry, podUid: uid, cgroup })) }));
  const elsewhere = '/system.slice/containerd.service';
  test.each([
    ['of the pod', `/kubepods/burstable/pod${uid}/x`],
    ['of the pod, by the systemd driver', `/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/x.scope`],
  ])('is one %s', (_, cgroup) => {
    expect(strayed(cgroup)).toBeUndefined();
    // A process may be seen before it is where it belongs.
    expect(strayed(elsewhere, cgroup)).toBeUndefined();
  });
  test('is told when it never was one of the pod', () => {
    expect(strayed(elsewhere)).toBe(elsewhere);
    expect(strayed('/')).toBe('/');
    expect(strayed(`/kubepods/burstable/pod${uid.replace('3', '4')}/x`)).toContain('/kubepods/');
  });
  test('is told of a path that only names the pod', () => {
    const slice = `kubepods-pod${uid.replaceAll('-', '_')}.slice`;
    expect(strayed(`/system.slice/${slice}:cri-containerd:0123`)).toContain('cri-containerd');
    expect(strayed(`/kubepods.slice/${slice}/cri-containerd-0123.scope`)).toBeUndefined();
    expect(strayed(`/kubelet.slice/kubelet-${slice}`)).toBeUndefined();
  });
  test('that is a process of the node is that of the process with its mark', () => {
    const marked = (cgroup: string, mark = markOf('runc'), podUid?: string) =>
      strayCgroup(
        subject(runc, nodeBoot, { podUid: uid }),
        view({ processes: [{ ...qemu, podUid: podUid ?? 'uid-else', cgroup, mark }] }),
      );
    expect(marked(`/kubepods/pod${uid}/x`)).toBeUndefined();
    expect(marked('/cofferdam-other/x')).toBe('/cofferdam-other/x');
    expect(marked('/cofferdam-other/x', markOf('another'))).toBeUndefined();
  });
  test("is not that of the runtime's commands, of a gofer or of another pod", () => {
    const other = (rest: object) =>
      strayCgroup(container, view({ processes: [{ ...sentry, podUid: uid, cgroup: elsewhere, ...rest }] }));
    expect(other({ argv: 'runsc --root=/run create' })).toBeUndefined();
    expect(other({ argv: 'runsc-gofer --root=/run gofer' })).toBeUndefined();
    expect(other({ podUid: 'uid-runc' })).toBeUndefined();
  });
  test('is that of the monitor of its machine, unless that is accounted for where its shim is, or by Kata', () => {
    const shim = {
      ...qemu,
      pid: 9,
      exe: '/usr/bin/containerd-shim-runc-v2',
      argv: '/usr/bin/containerd-shim-runc-v2 -id x',
    };
    const monitored = (cgroup: string, ...others: object[]) =>
      strayCgroup(
        container,
        view({
          processes: [{ ...qemu, podUid: uid, cgroup }, ...others.map((one) => ({ ...shim, podUid: uid, ...one }))],
        }),
      );
    expect(monitored(`/kubepods/pod${uid}/kata_1`)).toBeUndefined();
    expect(monitored('/machines/1', { cgroup: elsewhere })).toBe('/machines/1');
    expect(monitored('/')).toBe('/');
    expect(monitored(elsewhere, { cgroup: elsewhere })).toBeUndefined();
    expect(monitored(elsewhere, { cgroup: elsewhere, podUid: 'uid-other' })).toBe(elsewhere);
    expect(monitored(elsewhere, { cgroup: elsewhere, argv: 'runc', exe: '/usr/bin/runc' })).toBe(elsewhere);
    expect(monitored('/kata_overhead/1')).toBeUndefined();
    expect(monitored('/firecracker/1')).toBeUndefined();
    // gVisor's kernel belongs into its pod's, wherever its shim is.
    expect(
      strayCgroup(
        container,
        view({
          processes: [
            { ...sentry, podUid: uid, cgroup: elsewhere },
            { ...shim, podUid: uid, cgroup: elsewhere },
          ],
        }),
      ),
    ).toBe(elsewhere);
  });
  test('is not known where no witness saw the pod', () => {
    expect(strayCgroup(container, undefined)).toBeUndefined();
    const { podUid: _, ...nowhere } = container;
    expect(strayCgroup(nowhere, view({ processes: [sentry] }))).toBeUndefined();
    expect(strayed()).toBeUndefined();
  });
});
