import { partial, untested } from './framework.ts';
import type { Framework } from './framework.ts';

const settings =
  'It is about what is configured, which scanners of configuration read; no check tries what follows from it';

/** Ids of section 5 as from version 1.6.0; up to 1.5 they are one lower. */
export const cisDocker: Framework = {
  key: 'cis-docker',
  version: '1.6.0',
  name: 'CIS Docker Benchmark',
  source: 'https://www.cisecurity.org/benchmark/docker',
  requirements: {
    '5.2': partial('An AppArmor profile is in force.'),
    '5.3': untested(partial('SELinux options are set.'), settings),
    '5.4': partial('Containers have the capabilities that they need, and no others.'),
    '5.5': partial('Containers are not privileged.'),
    '5.6': partial('Sensitive directories of the host are not mounted.'),
    '5.10': partial("Containers do not share the host's network namespace."),
    '5.11': partial('Memory is limited.'),
    '5.12': partial('Processor time is limited.'),
    '5.13': partial("A container's root file system is read-only."),
    '5.16': partial("Containers do not share the host's process namespace."),
    '5.17': partial("Containers do not share the host's IPC namespace."),
    '5.18': partial('Devices of the host are not given to containers.'),
    '5.20': partial('Mounts do not propagate between container and host.'),
    '5.21': partial("Containers do not share the host's UTS namespace."),
    '5.22': partial('The default seccomp profile is in force.'),
    '5.25': partial('Containers are in the cgroup that was meant for them.'),
    '5.26': partial('Containers cannot gain further privileges.'),
    '5.29': untested(partial('The number of processes is limited.'), 'Nothing is exhausted'),
    '5.31': partial("Containers do not share the host's user namespace."),
    '5.32': partial("The runtime's socket is not mounted into containers."),
  },
};
