import { defineCheck, contained, exposed, load, onReference } from '../../harness/check.ts';
import { nodeCounterMoved } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'kernel-isolation/load-does-not-move-the-nodes-counters',
  claim: "Work that the pod gives its kernel does not show in the node's kernel.",
  because:
    "It shows by effect, not by a value that could be faked, whose kernel does a pod's work: kernel objects of one pod take from what is there for all.",
  references: [
    'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/fs.html#aio-nr-aio-max-nr',
    'https://man7.org/linux/man-pages/man2/io_setup.2.html',
  ],
  requirements: [
    'nist-800-190@2017#4.5.2',
    'nist-800-53@5.1.1#SC-4',
    'nist-800-53@5.1.1#SC-39',
    'disa-container-srg@v2r4#SRG-APP-000431-CTR-001065',
    'pci-dss@4.0.1#A1.1.1',
    'pci-containers@1.0#9.1',
    'iso-27001@2022#A.8.27',
    'mitre-attack@18.1#T1611',
  ],
  touch: 'call',
  subject: 'default-root',
  // Every container reserves a number of slots that no other does, so the node's counter tells whose work it sees.
  attempt: load('{load.slots}'),
  reached: nodeCounterMoved(),
  control: onReference('default-root'),
  expect: {
    'shared-kernel': exposed('a container shares the kernel of its node by design'),
    'application-kernel': contained,
    'guest-kernel': contained,
  },
});
