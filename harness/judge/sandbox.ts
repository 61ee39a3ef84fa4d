import type { IsolationClass } from '../check.ts';
import type { ContainerEvidence, Evidence } from '../evidence.ts';
import { proveKernel, valueOf } from './kernel.ts';
import type { NodeProcess, NodeView } from './witness.ts';

/** The class of what was found, and by what; or why none could be told. */
export type Measured = { class: IsolationClass; by: string } | { why: string };

/** gVisor's kernel shows itself by its command line, `runsc-sandbox … boot`. */
const applicationKernels = /(^|\/)runsc(-sandbox|-gofer)?$/;

/** The kernel itself, beside its gofers and commands, which show the same program. */
const sentry = /(^|\/)runsc-sandbox$/;

/** Its file servers. */
const gofer = /(^|\/)runsc-gofer$/;

/** Virtual machine monitors that are a process of their own, by the names of their programs. */
const monitors: readonly [RegExp, string][] = [
  [/(^|\/)qemu-(system-\S+|kvm)$/, 'QEMU'],
  [/(^|\/)firecracker[^/]*$/, 'Firecracker'],
  [/(^|\/)cloud-hypervisor[^/]*$/, 'Cloud Hypervisor'],
  [/(^|\/)stratovirt$/, 'StratoVirt'],
  [/(^|\/)crosvm$/, 'crosvm'],
];

/** Kata's shim in Rust has a monitor built in: Dragonball has no process of its own. */
const kataShim = /(^|\/)containerd-shim-kata-v2$/;

/**
 * What runs one pod, seen from the node and for this very pod: its containers' processes in the node's table, or a process
 * of the pod that is a kernel, or a machine, of its own. Never a name that somebody gave a handler.
 *
 * @param containers the containers of the pod that reported
 */
export function sandboxOf(containers: readonly ContainerEvidence[], view: NodeView, evidence: Evidence): Measured {
  const proofs = containers.map((container) => proveKernel(container, view, evidence));
  if (proofs.some((proof) => proof.answer === 'node'))
    return { class: 'shared-kernel', by: "a container's process is one of the node's own" };
  const unknown = proofs.find((proof) => proof.answer === 'unknown');
  if (unknown) return { why: unknown.why };
  const uid = containers[0]?.podUid;
  const ofPod = processesOf(uid, view);
  const kernel = ofPod.find((process) => programs(process).some((program) => applicationKernels.test(program)));
  if (kernel)
    return { class: 'application-kernel', by: `process ${kernel.pid} (${kernel.comm}) of the pod is gVisor's kernel` };
  return (
    machineOf(ofPod, containers) ?? {
      why: `another kernel answered, and none of the pod's ${ofPod.length} processes on the node is a known sandbox`,
    }
  );
}

/** The processes of the node that the witness counts among a pod's: in its cgroups, or there to serve it. */
export const processesOf = (podUid: string | undefined, view: NodeView): NodeProcess[] =>
  view.processes.filter((process) => process.podUid !== undefined && process.podUid === podUid);

/**
 * The cgroup of the node in which a container, or its pod's kernel or machine, runs, where it is none of the pod's: what the
 * kubelet limits the pod to is not in force then, whatever is shown inside. Undefined where it once was in one, or was not
 * seen. What a machine's monitor uses may be accounted for elsewhere: by a cgroup of Kata's for all of them
 * (sandbox_cgroup_only), Firecracker's jailer's, or that of who started it. Any other counts.
 */
export function strayCgroup(container: ContainerEvidence, view: NodeView | undefined): string | undefined {
  const { podUid, facts } = container;
  if (podUid === undefined || !view) return undefined;
  const ofPod = processesOf(podUid, view);
  const kernels = ofPod.filter(isKernelOrMachine);
  const own = view.processes.filter(({ mark }) => mark !== undefined && mark === facts['mark']);
  const seen = (kernels.length > 0 ? kernels : own).filter(({ cgroup }) => cgroup);
  const elsewhere = new Set(ofPod.filter(isShim).map(({ cgroup }) => cgroup));
  const isAccounted = (process: NodeProcess) =>
    isOfPod(process.cgroup, podUid) ||
    (isMonitor(process) && (elsewhere.has(process.cgroup) || /kata|firecracker/.test(process.cgroup)));
  return seen.some(isAccounted) ? undefined : seen.at(-1)?.cgroup;
}

/** What starts a pod's processes, in the container engine's own cgroup. */
const isShim = (process: NodeProcess): boolean =>
  programs(process).some((program) => /(^|\/)containerd-shim/.test(program));

/**
 * One of the cgroups that a path leads through is the pod's: the systemd driver names its slice by the UID with underscores
 * (pkg/kubelet/cm/cgroup_manager_linux.go). That the text is there is not enough: where the runtime does not use systemd and
 * the kubelet does, the last name of the path is `kubepods-pod….slice:cri-containerd:…`, and no pod's limits are in force.
 */
function isOfPod(cgroup: string, podUid: string): boolean {
  const names = [`pod${podUid}`, `pod${podUid.replaceAll('-', '_')}.slice`];
  return cgroup.split('/').some((part) => names.some((name) => part.endsWith(name)));
}

/**
 * The processes of the node that answer a pod's system calls in its kernel's stead: gVisor's kernel and its file servers, or
 * the monitor of a virtual machine. As often as they were seen: a kernel in user space sets its filter up late.
 */
export const sandboxReports = (podUid: string | undefined, view: NodeView): NodeProcess[] =>
  processesOf(podUid, view).filter((process) => isFileServer(process) || isKernelOrMachine(process));

/** Serves files to gVisor's kernel. */
export const isFileServer = (process: NodeProcess): boolean => programs(process).some((program) => gofer.test(program));

/** What serves files to a virtual machine, beside its monitor. */
const fileServers = /(^|\/)virtiofsd$/;

/** The same, and who serves files to a machine. */
export const serverReports = (podUid: string | undefined, view: NodeView): NodeProcess[] => [
  ...sandboxReports(podUid, view),
  ...processesOf(podUid, view).filter((process) => programs(process).some((program) => fileServers.test(program))),
];

/** gVisor's kernel, or the monitor of a virtual machine, known by its name or not. */
export const isKernelOrMachine = (process: NodeProcess): boolean => isApplicationKernel(process) || isMonitor(process);

const isMonitor = (process: NodeProcess): boolean =>
  !isApplicationKernel(process) && (monitorOf(process) !== undefined || process.machine === true);

/** gVisor's kernel itself. */
export const isApplicationKernel = (process: NodeProcess): boolean =>
  programs(process).some((program) => sentry.test(program));

function machineOf(ofPod: readonly NodeProcess[], containers: readonly ContainerEvidence[]): Measured | undefined {
  for (const process of ofPod) {
    const name = monitorOf(process);
    if (name)
      return guest(process, `is ${name}, ${process.machine ? 'with a virtual machine of KVM open' : 'emulating'}`);
  }
  // A kernel of another kind can run on KVM, too: a process that nobody knows is believed when the pod does not contradict it.
  const unnamed = ofPod.find((process) => process.machine);
  const gvisor = containers.some((container) => valueOf(container, 'identity')?.['gvisor'] === true);
  return unnamed && !gvisor ? guest(unnamed, 'has a virtual machine of KVM open') : undefined;
}

const guest = (process: NodeProcess, what: string): Measured => ({
  class: 'guest-kernel',
  by: `process ${process.pid} (${process.comm}) of the pod ${what}`,
});

function monitorOf(process: NodeProcess): string | undefined {
  const found = monitors.find(([pattern]) => programs(process).some((program) => pattern.test(program)));
  if (found) return found[1];
  // Of the shim alone the name says nothing: the same one starts other monitors.
  return process.machine && programs(process).some((program) => kataShim.test(program)) ? 'Dragonball' : undefined;
}

/** The program that a process runs, and the one that it says it is: a program that was replaced has only the second. */
const programs = ({ exe, argv }: NodeProcess): string[] => [
  exe.replace(/ \(deleted\)$/, ''),
  argv.split(/[\0 ]/)[0] ?? '',
];
