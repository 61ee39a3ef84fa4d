import { partial, practice, untested } from './framework.ts';
import type { Framework } from './framework.ts';

export const iso27001: Framework = {
  key: 'iso-27001',
  version: '2022',
  name: 'ISO/IEC 27001, Annex A',
  source: 'https://www.iso.org/standard/27001',
  requirements: {
    'A.5.28': practice('Evidence is collected and kept in a way that can be relied on.'),
    'A.8.2': untested(partial('Privileged access is limited and managed.'), 'No account is examined'),
    'A.8.3': partial('Access to information is restricted as decided.'),
    'A.8.6': untested(partial('The use of resources is watched and adjusted.'), 'Nothing is exhausted'),
    'A.8.8': untested(
      partial('Technical vulnerabilities are known and dealt with.'),
      'No version is compared with a list',
    ),
    'A.8.9': partial('Configurations are defined, kept and checked.'),
    'A.8.20': partial('Networks are secured and controlled.'),
    'A.8.22': partial('Groups of services and users are separated on the network.'),
    'A.8.27': partial('Systems are built on principles of secure architecture.'),
    'A.8.29': practice('Security is tested in development and before acceptance.'),
    'A.8.32': practice('Changes go through a procedure, which includes tests.'),
  },
};
