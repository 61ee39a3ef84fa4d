import { partial, practice, untested } from './framework.ts';
import type { Framework } from './framework.ts';

/** Best practices of an information supplement. It adds to no requirement of PCI DSS. */
export const pciContainers: Framework = {
  key: 'pci-containers',
  version: '1.0',
  name: 'PCI SSC Guidance for Containers and Container Orchestration Tools',
  source: 'https://www.pcisecuritystandards.org/document_library/',
  requirements: {
    '1.5': untested(
      partial('Workloads have credentials of their own, with few rights.'),
      'No service account is examined',
    ),
    '3.1': partial('Containers get at no resource of the node that is shared, and are not privileged.'),
    '6.1': untested(partial('Secrets are kept in a safe place.'), 'No secret is examined'),
    '9.1': partial('Workloads of high risk run in a sandbox or behind a hypervisor.'),
    '10.1': untested(partial('The orchestrator is kept up to date.'), 'No version is compared with a list'),
    '10.2': untested(partial('Hosts are kept up to date.'), 'No version is compared with a list'),
    '11.1': untested(partial('Resources of containers are limited.'), 'Nothing is exhausted'),
    '12.3': untested(partial('Images do not run as root.'), 'It is about what is in an image before it runs'),
    '15.1': practice('Configuration is tested where it is as in production.'),
    '16.3': untested(
      partial('Nodes are divided so that a breakout stays among workloads of one kind.'),
      'Where a scheduler puts workloads is not examined',
    ),
  },
};
