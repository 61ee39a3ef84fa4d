import { defineAttributionCheck, notThere, stopped } from '../../harness/check.ts';

const others = notThere("the flags are gVisor's", []);

export default defineAttributionCheck({
  id: 'runtime-attribution/annotations-do-not-loosen-the-sandbox',
  claim: "A pod's annotations do not take protection off its sandbox.",
  because:
    'Whoever may create a pod writes its annotations: where gVisor heeds each of them, tenants choose how they are held.',
  references: [
    'https://gvisor.dev/docs/user_guide/containerd/configuration/',
    'https://github.com/google/gvisor/blob/master/runsc/config/flags.go',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#CM-7',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000595',
  ],
  touch: 'call',
  about: 'annotations',
  expect: {
    'shared-kernel': others,
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': others,
  },
});
