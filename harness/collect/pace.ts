/** What the start of a witness, or of a server under the reference handler, takes on an ordinary node, in milliseconds. */
const ordinaryStart = 4_000;
const seconds = 1_000;
/**
 * Before anything was measured. An emulated single-core node proved to be about four times as slow as an ordinary one; a
 * deadline that is too long costs time only where something hangs.
 */
const assumedSlowness = 5;
const greatestSlowness = 20;
/** Node fires a timer of more than 2^31 ms at once, so a deadline is a week at most. */
const longest = 7 * 24 * 3600 * seconds;

/** Deadlines that grow with how slow the cluster proves to be. All in milliseconds. */
export class Pace {
  readonly #scale: number;
  #measured: number | undefined;

  /** `scale` is the user's, on top of what is measured. */
  constructor(scale: number) {
    this.#scale = scale;
  }

  /** How many times slower than an ordinary cluster; never below 1. */
  get slowness(): number {
    return this.#measured ?? assumedSlowness;
  }

  /** Takes the time that such a pod took to be ready: the measure of how slow a cluster is. The slowest counts. */
  measured(milliseconds: number): void {
    const slowness = Math.min(Math.max(milliseconds / ordinaryStart, 1), greatestSlowness);
    this.#measured = Math.round(Math.max(slowness, this.#measured ?? 1) * 10) / 10;
  }

  /** Whole milliseconds: the probe takes no others. */
  #stretch(base: number): number {
    return Math.min(Math.round(base * this.slowness * this.#scale), longest);
  }

  /** For a pod to start, image pull included. */
  start = (): number => 60 * seconds + this.#stretch(48 * seconds);
  /**
   * For a pod to start and make all its attempts, other pods beside it: the witness, by which slowness is measured, started
   * alone. A VM of three containers, in an emulated node that had started its witness 6.3 times slower than expected, took
   * longer than 1035 s. It costs time only where a pod hangs.
   */
  subject = (containers: number): number => 90 * seconds + this.#stretch((120 + 60 * containers) * seconds);
  /** For a pod to end once it is told to. */
  end = (): number => 40 * seconds + this.#stretch(30 * seconds);
  /** After this the cluster ends a subject pod by itself. Longer than the run waits for it. */
  subjectLifetime = (): number => this.subject(4) + 60 * seconds;
  /** The same for what stays while the pods of its node come and go: it has to outlive the last of so many. */
  runLifetime = (pods: number): number => 20 * 60 * seconds + this.#stretch((120 + 45 * pods) * seconds);
  /**
   * For a policy to take effect at most. An engine may look for new ones only now and then, unless it is known to act
   * `atOnce`.
   */
  policy = (atOnce = false): number => (atOnce ? 0 : 15 * seconds) + this.#stretch(5 * seconds);
  /**
   * For every path to be open again once a policy is gone. Longer than for one to close: it is waited for only where a path
   * stays shut, and what is missed is a control. On a node that runs VMs under emulation, 85 s were too few.
   */
  reopening = (): number => 60 * seconds + this.#stretch(12 * seconds);
  /**
   * For a phase of a path to have enough tries in it, at most. It is waited for only where tries take long: beside another
   * emulated node, a round of them took more than 15 s, so that 37 s were too few for three.
   */
  phase = (): number => 30 * seconds + this.#stretch(9 * seconds);
  /**
   * For one attempt of the probe. In an emulated guest on a busy node, starting a process alone took more than 20 s, and
   * reading some files of /proc, on a node that had started its witness 10 times slower than expected, longer than 70 s.
   */
  attempt = (): number => 60 * seconds + this.#stretch(6 * seconds);
  /** For a connection of the probe. */
  connection = (): number => 3 * seconds + this.#stretch(1.5 * seconds);
  /**
   * For the answer to the probe of a server that took its connection: a guest in an emulated node does its cryptography
   * slowly.
   */
  answer = (): number => 10 * seconds + this.#stretch(6 * seconds);
  /** For one try of a tenant to reach another. A phase takes several, so it is short. */
  tenantTry = (): number => 1 * seconds + this.#stretch(1 * seconds);
  /** For every path to be open once, after which a client goes on without those that are not: their control is missed. */
  opening = (): number => 60 * seconds + this.#stretch(12 * seconds);
  /**
   * For a witness to see a process of a pod: it looks at all processes, and rests as long as that takes. A pod that has
   * little to try lives as long as this. A bound, since it costs each pod that much.
   */
  seen = (): number => Math.min(Math.max(this.#stretch(2.5 * seconds), 2.5 * seconds), 10 * seconds);
  /**
   * For the kubelet to execute a process in a container that has started: it looks every second or two whether it should,
   * but only once it has started the pod's other containers. Where none may be executed, each container waits so long.
   * Three emulated nodes on two processors, where a witness took 50 s to start, needed more than 100 s.
   */
  executed = (): number => 40 * seconds + this.#stretch(12 * seconds);
  /** How long the API server may be away. */
  apiPatience = (): number => 20 * seconds + this.#stretch(4 * seconds);
}
