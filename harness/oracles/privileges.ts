import type { Observation } from '../attempt.ts';
import type { Oracle } from '../outcome.ts';
import { withoutValue } from '../outcome.ts';
import { onWhichKernel } from './kernel.ts';

/** No seccomp filter stands before the system calls of the node's own kernel. */
export const callsNotFiltered = (): Oracle => ({
  crossedWhen: "no seccomp filter is in force, and the node's own kernel answers",
  needsWitness: true,
  truths: () => [],
  decide(input) {
    const failed = withoutValue(input.observation);
    if (failed) return failed;
    const mode = input.observation.value?.['seccomp'];
    // proc_pid_status(5): 0 none, 1 strict, 2 filter.
    if (mode === 0) return onWhichKernel(input, 'no seccomp filter is in force');
    if (mode === 1 || mode === 2)
      return { kind: 'denied', errno: 'filtered', seen: `seccomp mode ${mode} is in force` };
    return { kind: 'absent', seen: 'the status does not tell of seccomp' };
  },
});

/** The process may gain privileges by running a program: no_new_privs is not set. */
export const privilegesCanBeGained = (): Oracle => ({
  crossedWhen: 'no_new_privs is not set',
  needsWitness: false,
  truths: () => [],
  decide({ observation }) {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const flag = observation.value?.['noNewPrivs'];
    if (flag === 0) return { kind: 'reached', seen: 'no_new_privs is not set' };
    if (flag === 1) return { kind: 'denied', errno: 'no_new_privs', seen: 'no_new_privs is set' };
    return { kind: 'absent', seen: 'the status has no such line' };
  },
});

/** Groups below are the system's (login.defs(5), SYS_GID_MAX): the disk's, the Docker socket's. */
const firstOrdinaryGroup = 1000;

const groupsOf = (observation: Observation): number[] => (observation.value?.['groups'] as number[] | undefined) ?? [];

/**
 * The process is not of the user and the group that were asked for, or is in another group. Admission may add ordinary ones, to
 * the same pod under the reference handler, too: what that is not in, the runtime added.
 */
export const runsAsAnotherThan = (asked: { uid: number; gid: number }): Oracle => ({
  crossedWhen: `the user of the process is not ${asked.uid}, its group is not ${asked.gid}, or it is in a group below ${firstOrdinaryGroup}, or in one that the same pod under the reference handler is not in`,
  needsWitness: false,
  comparesWithReference: true,
  truths: () => [],
  decide({ observation, reference }) {
    const failed = withoutValue(observation);
    if (failed) return failed;
    const { uid, gid } = observation.value ?? {};
    if (typeof uid !== 'number' || typeof gid !== 'number' || uid < 0 || gid < 0)
      return { kind: 'undecided', why: 'the status shows no user and group' };
    const groups = groupsOf(observation).filter((group) => group !== gid);
    const seen = `it runs as user ${uid}, group ${gid}${groups.length ? `, also in ${groups.join(', ')}` : ''}`;
    if (uid !== asked.uid || gid !== asked.gid || groups.some((group) => group < firstOrdinaryGroup))
      return { kind: 'reached', seen: `${seen}, ${asked.uid} and ${asked.gid} were asked for` };
    if (groups.length && reference) {
      if (!reference.observation?.value)
        return { kind: 'undecided', why: `${seen}, and of the pod under the reference handler nothing is known` };
      const there = groupsOf(reference.observation);
      const more = groups.filter((group) => !there.includes(group));
      if (more.length)
        return {
          kind: 'reached',
          seen: `${seen}, and the same pod under the reference handler is not in ${more.join(', ')}`,
        };
    }
    return { kind: 'denied', errno: 'as asked', seen };
  },
});
