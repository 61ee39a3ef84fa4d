import { defineCheck, executed, notThere, onReference } from '../../harness/check.ts';
import { notConfined } from '../../harness/oracles.ts';

const fact = 'the node does not confine containers by AppArmor, or another kernel answers them';

export default defineCheck({
  id: 'namespace-escape/apparmor-confines-executed-processes',
  claim: 'Where the node has AppArmor, a process that is executed in an ordinary pod is in a profile that is enforced.',
  because:
    'A process is in a profile only because the runtime asked for it before it became the program: one that is executed later has to be put there once more.',
  references: [
    'https://kubernetes.io/docs/tutorials/security/apparmor/',
    'https://man7.org/linux/man-pages/man2/aa_change_onexec.2.html',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
  ],
  requirements: [
    'cis-docker@1.6.0#5.2',
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#AC-6',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'pci-containers@1.0#3.1',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'read',
  subject: 'default-root',
  alsoIn: ['restricted'],
  attempt: executed('apparmor'),
  reached: notConfined(),
  // A process in a privileged pod is in none.
  control: onReference('privileged'),
  expect: {
    'shared-kernel': notThere(fact, ['denied']),
    'application-kernel': notThere(fact, ['denied']),
    'guest-kernel': notThere(fact, ['denied']),
  },
});
