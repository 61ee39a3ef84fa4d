import { createHash } from 'node:crypto';

/**
 * A value that is known only once the witness has spoken, written `{name}` inside a string: `{canaryDirectory}/canary`.
 * A template that is nothing but one placeholder takes the fact's own type (a number stays a number).
 * An attempt whose facts are missing is not made, and says which one was missing.
 */
export type Template = string;

/** Canaries that the witness plants on the node. A subject is told only the SHA-256 of one, so it cannot find itself. */
export type CanaryName =
  | 'file'
  | 'process'
  | 'kernel-log'
  | 'socket'
  | 'fifo'
  | 'shared-memory'
  | 'key'
  | 'loopback'
  /** Told by the witness, who calls at sockets that pods make. */
  | 'caller';

/**
 * One thing the probe tries inside a container (its Go twin is `probes/`, one file a kind).
 * All are safe to make: they open and close, read, or call with arguments that cannot succeed.
 */
export type Attempt =
  /** `again`: the witness makes it once more at its end. */
  | { kind: 'read'; path: Template; max?: number; again?: 1 }
  | { kind: 'open'; path: Template; flags: 'r' | 'w' }
  | { kind: 'peek'; path: Template; max?: number }
  | { kind: 'list'; path: Template; max?: number }
  | {
      kind: 'search';
      where: 'files' | 'processes' | 'kernel-log' | 'sysv-shm' | 'keyring' | 'environment';
      canary: CanaryName;
      paths?: Template[];
      key?: Template;
      description?: Template;
    }
  | { kind: 'connect'; network: 'tcp' | 'udp' | 'unix'; address: Template; payload?: string; timeoutMs?: number }
  /** `via`: the address on the way to which the packet is put. */
  | { kind: 'packet'; address: Template; via: Template; timeoutMs?: number }
  | { kind: 'bind'; path: Template; canary: CanaryName }
  /** `token`: with that of the pod's service account, which is at this path. */
  | { kind: 'http'; url: Template; token?: string; timeoutMs?: number }
  /** `at`: addresses with ports, separated by commas. `asks`: `GET /path`, or `CALL /service/method` of gRPC. */
  | { kind: 'services'; at: Template; asks: readonly string[] }
  | { kind: 'listening' }
  | { kind: 'call'; call: string }
  | { kind: 'handle'; mount: Template; type: Template; handle: Template; canary: CanaryName }
  | { kind: 'device'; type: 'b' | 'c'; major: Template; minor: Template; flags?: 'rw' }
  | { kind: 'devices' }
  | { kind: 'files'; path?: Template }
  /**
   * `of: 'pid1'` looks at the first process it can see instead of its own: the way a control with hostPID gets to the
   * node's.
   */
  | { kind: 'namespaces'; of?: 'pid1' }
  | { kind: 'credentials' }
  /**
   * Looks at a process that the kubelet executes in the running container, as `kubectl exec` does, in place of the first
   * one.
   */
  | { kind: 'executed'; look: ExecutedLook }
  | { kind: 'environment' }
  | { kind: 'addresses' }
  | { kind: 'mounts' }
  | { kind: 'processes' }
  | { kind: 'disks' }
  | { kind: 'volumes' }
  | { kind: 'limits'; of: 'memory' | 'cpu' }
  | { kind: 'descriptors'; leak?: Template }
  | { kind: 'priority'; raise?: 1 }
  | { kind: 'personality'; raise?: 1 }
  | { kind: 'load'; slots: Template }
  | { kind: 'identity' };

/**
 * What a process that is executed in a running container can look at, in words; the probe's twin is
 * `probes/internal/executed`.
 */
const executedLooks = {
  credentials: 'read the status',
  descriptors: 'list the descriptors',
  environment: 'list the names of the environment variables',
  apparmor: 'read the AppArmor profile',
  oom: 'read the oom_score_adj',
  priority: 'ask for the rank',
};
export type ExecutedLook = keyof typeof executedLooks;

/** Where the pod with the suite's directory on the node has it a second time, read-only. */
export const readOnlyTwinOf = (directory: Template): Template => `${directory}-read-only`;

/** Where a container that asks for one has the token of its pod's service account. */
export const tokenDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What an attempt, or the witness, saw. Exactly one of `value`, `errno` and `notAttempted` is there. */
export interface Observation {
  id: string;
  kind: string;
  /** It worked, and this is what was seen. */
  value?: Record<string, unknown> | undefined;
  /** The name of the error with which the kernel or the runtime refused, and the system call (`step`) that returned it. */
  errno?: string | undefined;
  step?: string | undefined;
  /** Why nothing can be said: a deadline, a crash, a gap in the probe's lines, a pod that never ran. */
  notAttempted?: string | undefined;
  /** Duration inside the container, in milliseconds. */
  ms?: number | undefined;
}

export const read = (path: Template, max?: number): Attempt => ({ kind: 'read', path, ...(max && { max }) });
/** Opens for reading and closes at once. */
export const openForReading = (path: Template): Attempt => ({ kind: 'open', path, flags: 'r' });
/**
 * Opens for writing and closes at once: never creates, truncates or writes. Of a directory it asks whether its mount allows
 * that.
 */
export const openForWriting = (path: Template): Attempt => ({ kind: 'open', path, flags: 'w' });
/** Looks whether there is content behind a path that ought to be masked. */
export const peek = (path: Template): Attempt => ({ kind: 'peek', path });
export const list = (path: Template): Attempt => ({ kind: 'list', path });
export const searchFiles = (canary: CanaryName, paths: Template[]): Attempt => ({
  kind: 'search',
  where: 'files',
  canary,
  paths,
});
export const searchProcesses = (canary: CanaryName): Attempt => ({ kind: 'search', where: 'processes', canary });
export const searchKernelLog = (canary: CanaryName): Attempt => ({ kind: 'search', where: 'kernel-log', canary });
export const searchSharedMemory = (canary: CanaryName, key: Template): Attempt => ({
  kind: 'search',
  where: 'sysv-shm',
  canary,
  key,
});
/** Looks for the key with this description in the user keyring of the process's own user; nothing is linked. */
export const searchKeys = (canary: CanaryName, description: Template): Attempt => ({
  kind: 'search',
  where: 'keyring',
  canary,
  description,
});
export const connectUnix = (address: Template): Attempt => ({ kind: 'connect', network: 'unix', address });
export const connectTcp = (address: Template): Attempt => ({ kind: 'connect', network: 'tcp', address });
/** Sends a datagram and waits for one: only an answer tells that somebody is there. */
export const connectUdp = (address: Template): Attempt => ({ kind: 'connect', network: 'udp', address, payload: '?' });
/**
 * Sends a datagram for an address of IPv4 that the pod's own kernel would not let out, such as 127.0.0.1, and waits for
 * one. It goes in frames to the hardware address of whoever is next on the way to `via`, who decides by its own routes what
 * to do with it.
 */
export const sendPacket = (address: Template, via: Template): Attempt => ({ kind: 'packet', address, via });
/**
 * Listens at a socket that it makes in the suite's own directory, for the witness to come and tell the canary, and removes
 * it.
 */
export const listenUnix = (path: Template): Attempt => ({ kind: 'bind', path, canary: 'caller' });
/** A GET without credentials; the certificate is not verified, the answer is read and dropped. */
export const get = (url: Template): Attempt => ({ kind: 'http', url });
/** The same with the token of the pod's service account. */
export const getWithToken = (url: Template): Attempt => ({ kind: 'http', url, token: `${tokenDirectory}/token` });
/**
 * Asks every service that listens on the node, as the witness tells, without credentials: each in the protocol that it
 * speaks.
 */
export const services = (asks: readonly string[]): Attempt => ({ kind: 'services', at: '{services}', asks });
/**
 * Tells where something listens for TCP in the network namespace of the first process that it can see: for the witness, the
 * node's.
 */
export const listening = (): Attempt => ({ kind: 'listening' });
/** A named system call with arguments that cannot succeed: the errno tells how far into the kernel it got. */
export const call = (name: string): Attempt => ({ kind: 'call', call: name });
/** open_by_handle_at(2) with the handle of the canary, through a descriptor of a file on the same file system. */
export const openByHandle = (canary: CanaryName, mount: Template): Attempt => ({
  kind: 'handle',
  mount,
  type: '{file.handleType}',
  handle: '{file.handle}',
  canary,
});
/** Makes a device node with these numbers in a private directory, opens it for reading, closes and removes it. */
export const openDevice = (type: 'b' | 'c', major: Template, minor: Template): Attempt => ({
  kind: 'device',
  type,
  major,
  minor,
});
/** The same, asked whether it may be opened for reading or for writing, and not opened. */
export const mayUseDevice = (type: 'b' | 'c', major: Template, minor: Template): Attempt => ({
  kind: 'device',
  type,
  major,
  minor,
  flags: 'rw',
});
/** A device node that both make, or a socket, by its name or path. Another container may see one for a moment. */
export const isMadeByTheProbe = (path: string): boolean => /(^|\/)\.cofferdam-\d+$/.test(path);
/** Finds the device files of the whole file system, whatever their names are. */
export const devices = (): Attempt => ({ kind: 'devices' });
/**
 * Finds what is no directory and no device in the container's root, or below a directory; what is mounted there is left
 * out.
 */
export const files = (path?: Template): Attempt => ({ kind: 'files', ...(path !== undefined && { path }) });
export const namespaces = (of?: 'pid1'): Attempt => ({ kind: 'namespaces', ...(of && { of }) });
/** Credentials of the container's first process: an exec'd one may show others (Kata). */
export const credentials = (): Attempt => ({ kind: 'credentials' });
/**
 * The same of a process that is executed in the running container: a runtime makes it by another way than the first one,
 * and of a configuration of its own. The kubelet executes it, for the container's startup probe.
 */
export const executed = (look: ExecutedLook): Attempt => ({ kind: 'executed', look });
/** The names of the variables with which the container's first process was started, but for the suite's own. Never a value. */
export const environment = (): Attempt => ({ kind: 'environment' });
/** Tells the network interfaces with their addresses. */
export const addresses = (): Attempt => ({ kind: 'addresses' });
/** Looks which of the processes in /proc do not descend from the container's first one. */
export const processes = (): Attempt => ({ kind: 'processes' });
export const mounts = (): Attempt => ({ kind: 'mounts' });
export const disks = (): Attempt => ({ kind: 'disks' });
/**
 * Opens every disk and partition in /sys/block for reading, and tells by their ids which file systems and tables are on
 * them.
 */
export const volumes = (): Attempt => ({ kind: 'volumes' });
/** Reads a limit of the container's own cgroup, of v2 or v1. */
export const limitOfCgroup = (of: 'memory' | 'cpu'): Attempt => ({ kind: 'limits', of });
export const descriptors = (leak?: Template): Attempt => ({ kind: 'descriptors', ...(leak && { leak }) });
/**
 * Asks how the kernel ranks the container's first process. With `raise` a thread of its own is ranked one above the usual,
 * told, and ended.
 */
export const priority = (raise?: 'raise'): Attempt => ({ kind: 'priority', ...(raise && { raise: 1 }) });
/**
 * Asks how the memory of the container's processes is laid out. With `raise` a thread of its own first takes the fixed
 * layout, and ends.
 */
export const personality = (raise?: 'raise'): Attempt => ({ kind: 'personality', ...(raise && { raise: 1 }) });
/** Reserves this many asynchronous I/O slots for a moment, a few times: moves fs.aio-nr of its own kernel by exactly that. */
export const load = (slots: Template): Attempt => ({ kind: 'load', slots });
export const identity = (): Attempt => ({ kind: 'identity' });

/**
 * Stable name of an attempt: equal attempts of several checks are made once in a container. How often they are made is no
 * part of it.
 */
export function attemptId(attempt: Attempt): string {
  const parts = Object.keys(attempt).filter((key) => key !== 'again');
  const canonical = JSON.stringify(attempt, parts.sort());
  return `${attempt.kind}-${createHash('sha256').update(canonical).digest('hex').slice(0, 12)}`;
}

/**
 * Kinds that a container makes once more at the end of its life, and that cost little: mounts, devices, processes, rights,
 * limits, a rank and network interfaces may be given to it after it started (a hook that waits, somebody on the node), files
 * put before it, and masks taken away. What names the kernel is asked twice because all else rests on it: on a busy node the
 * first answer may come too late.
 */
const madeAgain: ReadonlySet<Attempt['kind']> = new Set<Attempt['kind']>([
  'identity',
  'mounts',
  'devices',
  'processes',
  'credentials',
  'limits',
  'priority',
  'addresses',
  'files',
  'list',
  'peek',
]);

/** So is opening for writing: what was mounted read-only may be mounted anew. */
export const isMadeAgain = (attempt: Attempt): boolean =>
  madeAgain.has(attempt.kind) || (attempt.kind === 'open' && attempt.flags === 'w');

/** The name of what was seen then; its Go twin is in `probes/internal/attempt`. */
export const againId = (attempt: Attempt): string => `${attemptId(attempt)}.again`;

/** What `{name}` placeholders stand for on one node, in one run. */
export type Facts = Record<string, string | number>;

/** The arguments for the probe, or the fact that was missing. */
export type Resolved = { attempt: Record<string, unknown> } | { missing: string };

/** Fills the placeholders of an attempt. A canary's name becomes the digest by which the probe recognises it. */
export function resolveAttempt(attempt: Attempt, facts: Facts): Resolved {
  let missing: string | undefined;
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'string') return value;
    const whole = /^\{([\w.-]+)\}$/.exec(value);
    const known = (name: string) => {
      const fact = facts[name];
      if (fact === undefined) missing = name;
      return fact ?? '';
    };
    return whole?.[1] ? known(whole[1]) : value.replaceAll(/\{([\w.-]+)\}/g, (_, name: string) => String(known(name)));
  };
  const { ...args } = attempt as Record<string, unknown>;
  if ('canary' in args) {
    args['sha256'] = `{digest.${String(args['canary'])}}`;
    delete args['canary'];
  }
  const filled = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, number(name, fill(value))]));
  return missing === undefined ? { attempt: filled } : { missing };
}

/** Arguments that are numbers for the probe, though a check may write them as text. */
const numeric = new Set(['major', 'minor', 'key', 'slots']);
const number = (name: string, value: unknown): unknown =>
  numeric.has(name) && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;

/** The attempt as a reader would say it: `read /proc/version`, `open /proc/sysrq-trigger for writing`. */
export function describeAttempt(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'open':
      return `open ${attempt.path} for ${attempt.flags === 'r' ? 'reading' : 'writing'}`;
    case 'read':
    case 'peek':
    case 'list':
      return `${attempt.kind === 'peek' ? 'look into' : attempt.kind} ${attempt.path}`;
    case 'search':
      return `search ${attempt.paths?.join(', ') ?? attempt.where} for the ${attempt.canary} canary`;
    case 'connect':
      return `connect to ${attempt.network} ${attempt.address}`;
    case 'packet':
      return `put a packet for udp ${attempt.address} on the way to ${attempt.via}`;
    case 'bind':
      return `listen at unix ${attempt.path}`;
    case 'http':
      return `GET ${attempt.url} ${attempt.token ? "with the token of the pod's service account" : 'without credentials'}`;
    case 'services':
      return `ask what listens at ${attempt.at.replaceAll(',', ', ')} without credentials (${attempt.asks.join('; ')})`;
    case 'listening':
      return 'list the sockets that listen for TCP';
    case 'call':
      return `call ${attempt.call}`;
    case 'handle':
      return `open the ${attempt.canary} canary by its file handle, through ${attempt.mount}`;
    case 'device':
      return `make device ${attempt.type} ${attempt.major}:${attempt.minor} and ${attempt.flags ? 'ask whether it may be read or written' : 'open it'}`;
    case 'devices':
      return 'look for device files everywhere';
    case 'files':
      return `look for files on the file system at ${attempt.path ?? '/'}`;
    case 'namespaces':
      return `read /proc/${attempt.of === 'pid1' ? '1' : 'self'}/ns`;
    case 'credentials':
      return "read the status of the container's first process";
    case 'executed':
      return `${executedLooks[attempt.look]} of a process that is executed in the running container`;
    case 'addresses':
      return 'list the network interfaces and their addresses';
    case 'environment':
      return 'list the names of the environment variables it was started with';
    case 'mounts':
      return 'read /proc/self/mountinfo';
    case 'processes':
      return "look for processes in /proc that are not the container's own";
    case 'disks':
      return 'read the disks in /sys/block';
    case 'volumes':
      return 'open the disks of /sys/block and read what identifies their content';
    case 'limits':
      return `read the cgroup's limit of ${attempt.of === 'cpu' ? 'processor time' : 'memory'}`;
    case 'priority':
      return attempt.raise
        ? 'ask how the kernel ranks a thread that raised its own priority'
        : "ask how the kernel ranks the container's first process";
    case 'personality':
      return `ask for the personality(2) of ${attempt.raise ? 'a thread that gave up the random layout of its memory' : 'a process'}`;
    case 'descriptors':
      return 'list the descriptors inherited at start';
    case 'load':
      return 'reserve asynchronous I/O slots in the kernel';
    case 'identity':
      return "read the kernel's release, boot id and boot time";
  }
}

/** A text with the placeholders that are known filled in, for a reader. */
export const fillText = (text: string, facts: Facts): string =>
  text.replaceAll(/\{([\w.-]+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
