import type { Oracle, Outcome } from '../outcome.ts';
import { isCut, withoutValue } from '../outcome.ts';

/** A name in a file of names of hosts (hosts(5)) or in one that is nothing but a name (hostname(5)). Both have comments. */
const names = (text: string, name: string): boolean =>
  text.split('\n').some((line) => line.replace(/#.*/, '').split(/\s+/).includes(name));

/**
 * A file that says who the pod is does not name it. The kubelet writes the names of hosts, the container engine the host's name
 * of the sandbox, and a pod's name is its host's unless it asks for another. Needs no look at where the file comes from,
 * which neither an application kernel nor a guest tells.
 */
export const namesAnother = (): Oracle => ({
  crossedWhen: "the file is there and does not have the pod's name in it",
  needsWitness: false,
  truths: () => [],
  decide({ observation, facts }): Outcome {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const text = observation.value?.['text'];
    const pod = facts['pod.name'];
    if (typeof text !== 'string' || pod === undefined)
      return { kind: 'undecided', why: 'what the file has to say is not known' };
    if (names(text, String(pod))) return { kind: 'absent', seen: `it names the pod, ${pod}` };
    if (isCut(observation.value))
      return { kind: 'undecided', why: 'the file is longer than a line of the probe can hold' };
    return { kind: 'reached', seen: `it does not name the pod, ${pod}` };
  },
});
