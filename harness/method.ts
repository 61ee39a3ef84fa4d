import { profiles } from '../fixtures/profiles.ts';
import { describeAttempt, subjectsOf } from './check.ts';
import type { AttributionCheck, Check, PathCheck, PathPhase } from './check.ts';
import { otherPortsOf } from './plan/ports.ts';

/** How a check comes to its verdict, in words. */
export interface Method {
  /** The pod in which the attempts are made. */
  subject?: string;
  attempts: readonly string[];
  /** Completes "The boundary is crossed when …"; for what has to get through, "It is held when …". */
  decided: { as: 'Crossed' | 'Held'; when: string };
  /** What has to get through. */
  control?: string;
}

/** One step of it, for a reader. */
export interface Step {
  label: 'Subject' | 'Attempt' | 'Crossed' | 'Held' | 'Control';
  text: string;
}

/** The policy that stands in a phase, in words. */
const policyOf = {
  'ingress-denied': "the default-deny ingress policy of the server's tenant",
  'egress-denied': "the default-deny egress policy of the client's tenant",
} as const satisfies Record<Exclude<PathPhase, 'open'>, string>;

const attributionOf: Record<AttributionCheck['about'], { crossed: string; control: string }> = {
  'node-view': {
    crossed: 'what the witness sees of the pod on the node is of another isolation class than the handler claims',
    control: "the reference handler's pod, which has to be seen as a process of the node's kernel",
  },
  'pod-view': {
    crossed: 'what the pod sees of its kernel is of another isolation class than the handler claims',
    control: "the reference handler's pod, which has to see the node's kernel",
  },
  confinement: {
    crossed:
      "what answers the pod's system calls on the node has no seccomp filter, or one that lets profiling through (gVisor’s --profile), or is in the node's own user, mount, process or IPC namespace",
    control: "the reference handler's privileged pod, whose process the same look has to find without a filter",
  },
  holding: {
    crossed:
      "what answers the pod, or serves it files, has a disk of the node open, a character device that it has no need of, a directory that holds more than the pod's, or a file that the node keeps to itself, or is told by its arguments to hand one on; or it serves a directory of the node, or one is mounted where it serves it, that is neither in the pod's specification nor its container engine's",
    control:
      "the witness, which has the node's root open and a volume of its pod's mounted: the same look has to find both",
  },
  'missing-handler': {
    crossed: 'a pod whose handler does not exist starts all the same',
    control: 'a pod with a valid handler on the same node, which has to run',
  },
  annotations: {
    crossed: "an annotation of the pod sets a flag of gVisor's that lets raw sockets through, and the pod opens one",
    control:
      'the same pod without the annotation, which has to run, and a privileged one under the reference handler, which has to open one',
  },
  completeness: {
    crossed: 'a planned check has no verdict, or more than one',
    control: 'the same comparison with one entry taken out, which it has to notice',
  },
};

/** How many ports of a server are tried: one, and those beside it. */
const portsOf = (check: PathCheck): string => {
  const ports = 1 + otherPortsOf(check).length;
  return ports === 1 ? 'one port' : `${ports} ports`;
};

const once = (words: string, index: number, all: readonly string[]): boolean => all.indexOf(words) === index;

/** What is tried where, when the boundary counts as crossed, and what has to get through. */
export function methodOf(check: Check): Method {
  switch (check.scope) {
    case 'cell': {
      const { profile, on, attempt } = check.control;
      const where = on === 'reference' ? 'the reference handler' : 'the same handler, else the reference handler,';
      return {
        subject: subjectsOf(check)
          .map((profile) => `${profile} (${profiles[profile].summary})`)
          .join(', and '),
        attempts: check.attempts.map(describeAttempt),
        decided: { as: 'Crossed', when: check.reached.crossedWhen },
        control: `${attempt ? [attempt].flat().map(describeAttempt).filter(once).join(', or ') : 'the same'}, in a ${profile} container under ${where} on the same node, which must get through`,
      };
    }
    case 'path': {
      const attempts = [
        `one tenant's client sends numbered nonces over ${check.network} to ${portsOf(check)} of another tenant's ${check.server} server`,
      ];
      if (check.phase === 'open')
        return { attempts, decided: { as: 'Held', when: 'a nonce arrives at the server before any policy is there' } };
      return {
        attempts,
        decided: { as: 'Crossed', when: `a nonce arrives at the server while ${policyOf[check.phase]} stands` },
        control: 'the same path just before the policy, and after it was lifted, on which nonces must arrive',
      };
    }
    case 'attribution': {
      const { crossed, control } = attributionOf[check.about];
      return { attempts: [], decided: { as: 'Crossed', when: crossed }, control };
    }
  }
}

/** The same as steps. */
export function describeMethod(check: Check): Step[] {
  const { subject, attempts, decided, control } = methodOf(check);
  return [
    ...(subject ? [{ label: 'Subject', text: subject } as const] : []),
    ...attempts.map((text) => ({ label: 'Attempt', text }) as const),
    { label: decided.as, text: `when ${decided.when}` },
    ...(control ? [{ label: 'Control', text: control } as const] : []),
  ];
}
