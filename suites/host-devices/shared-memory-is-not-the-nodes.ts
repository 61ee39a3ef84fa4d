import { defineCheck, onReference, searchSharedMemory, stopped } from '../../harness/check.ts';
import { canaryFound } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'host-devices/shared-memory-is-not-the-nodes',
  claim: 'A pod does not find a System V shared memory segment of the node.',
  because: 'Shared memory and queues pass data, and rights to it, by a number that anybody can guess.',
  references: [
    'https://man7.org/linux/man-pages/man7/sysvipc.7.html',
    'https://man7.org/linux/man-pages/man7/ipc_namespaces.7.html',
  ],
  requirements: [
    'nist-800-190@2017#4.4.3',
    'nist-800-53@5.1.1#SC-4',
    'disa-container-srg@v2r4#SRG-APP-000243-CTR-000600',
    'cis-kubernetes@1.12#5.2.4',
    'cis-docker@1.6.0#5.17',
    'pci-dss@4.0.1#A1.1.2',
    'pci-containers@1.0#3.1',
    'hipaa@2013#164.312(a)(1)',
    'gdpr@2016-679#32(1)(b)',
  ],
  touch: 'canary',
  subject: 'default-root',
  attempt: searchSharedMemory('shared-memory', '{shared-memory.key}'),
  reached: canaryFound(),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('absent', 'contained'),
    'application-kernel': stopped('absent', 'contained'),
    'guest-kernel': stopped('absent', 'contained'),
  },
});
