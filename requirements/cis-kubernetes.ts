import { direct, partial, untested } from './framework.ts';
import type { Framework } from './framework.ts';

const settings =
  'It is about what is configured, which scanners of configuration read; no check tries what follows from it';

/** Ids of version 1.12, for Kubernetes 1.32 to 1.34. Section 5.2 has other numbers in older versions. */
export const cisKubernetes: Framework = {
  key: 'cis-kubernetes',
  version: '1.12',
  name: 'CIS Kubernetes Benchmark',
  source: 'https://www.cisecurity.org/benchmark/kubernetes',
  requirements: {
    '4.2.1': direct('The kubelet answers nobody who does not say who it is.'),
    '4.2.2': direct('The kubelet allows nobody more than the cluster grants.'),
    '4.2.4': direct('The kubelet has no port that is open to read.'),
    '4.2.13': untested(partial('Pods have a limit of processes.'), 'Nothing is exhausted'),
    '4.2.14': untested(partial('Pods have a seccomp profile unless they ask for another.'), settings),
    '5.1.5': untested(partial('Default service accounts are not used.'), 'No service account is examined'),
    '5.1.6': untested(partial('Tokens are mounted only where they are needed.'), 'No service account is examined'),
    '5.2.1': untested(partial('Some mechanism controls which pods are admitted.'), settings),
    '5.2.2': partial('Privileged containers are admitted only where they must be.'),
    '5.2.3': partial("Pods in the host's process namespace are admitted only where they must be."),
    '5.2.4': partial("Pods in the host's IPC namespace are admitted only where they must be."),
    '5.2.5': partial("Pods in the host's network namespace are admitted only where they must be."),
    '5.2.6': partial('Containers cannot gain privileges that they did not start with.'),
    '5.2.7': partial('Containers do not run as root unless they must.'),
    '5.2.8': partial('Containers do not have NET_RAW unless they must.'),
    '5.2.9': partial('Containers have no capability that they do not need.'),
    '5.2.11': partial('Volumes of paths on the host are admitted only where they must be.'),
    '5.2.12': untested(partial('Ports of the host are given only where they must be.'), settings),
    '5.3.1': direct('The network plugin enforces network policies.'),
    '5.3.2': partial('Every namespace has network policies.'),
    '5.6.1': untested(partial('Namespaces are used to keep things apart.'), settings),
    '5.6.2': untested(partial('Pods name a seccomp profile.'), settings),
  },
};
