import { defineCheck, limitOfCgroup, notThere, onReference, stopped } from '../../harness/check.ts';
import { limits } from '../../fixtures/profiles.ts';
import { limitsBeyond } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'namespace-escape/limits-are-in-force',
  claim: 'The limits of memory, swap and processor time that a pod has are in force, and no higher ones.',
  because: "A pod without limits takes what it wants from all others: its neighbours end when the node's memory does.",
  references: [
    'https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/',
  ],
  requirements: [
    'cis-docker@1.6.0#5.11',
    'cis-docker@1.6.0#5.12',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-4',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted', 'host-path'],
  // A guest's limit may be its machine's size. Of gVisor, whose cgroups are its own, the node's tell.
  attempt: [limitOfCgroup('memory'), limitOfCgroup('cpu')],
  reached: limitsBeyond(limits),
  control: onReference('unlimited'),
  expect: {
    'shared-kernel': stopped('denied'),
    'application-kernel': notThere('gVisor shows no cgroup v2'),
    'guest-kernel': stopped('denied', 'absent', 'contained'),
  },
});
