import { direct, partial, practice, untested } from './framework.ts';
import type { Framework } from './framework.ts';

export const nist80053: Framework = {
  key: 'nist-800-53',
  version: '5.1.1',
  name: 'NIST SP 800-53, Security and Privacy Controls, revision 5',
  source: 'https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final',
  requirements: {
    'AC-3': partial('Access is given as approved, and enforced.'),
    'AC-4': partial('Information flows only where policy lets it, within a system and between systems.'),
    'AC-6': partial('Processes and users have no more privilege than their task needs.'),
    'CA-2(2)': practice('Assessments include special ones, such as tests that act as an attacker would.'),
    'CA-7': practice('Controls are watched over time, not once.'),
    'CA-8': practice('Systems are tested by attempts to get through.'),
    'CM-3(2)': practice('Changes are tested before they are made, and the tests are documented.'),
    'CM-7': partial('A system offers no function that is not needed.'),
    'RA-5': untested(
      partial('Systems are scanned for vulnerabilities.'),
      'Behaviour is tried; no version is compared with a list',
    ),
    'SC-2': partial('What users do is separate from what manages the system.'),
    'SC-3': partial('Security functions are isolated from everything else.'),
    'SC-4': partial('Nothing leaks through resources that are shared.'),
    'SC-5': untested(partial('Denial of service is limited.'), 'Nothing is exhausted'),
    'SC-7': partial('Traffic across boundaries is watched and controlled.'),
    'SC-7(5)': partial('Traffic is refused unless it is allowed.'),
    'SC-7(21)': partial('Components of a system are kept apart from each other.'),
    'SC-24': partial('A system that fails does so in a known and safe state.'),
    'SC-39': direct('Each process runs in a domain of its own.'),
    'SC-39(1)': untested(
      partial('Processes are separated by hardware.'),
      'A run shows that another kernel answers, not what keeps it apart',
    ),
    'SC-50': untested(
      partial('Separation between domains is enforced by software.'),
      'Domains of policy are not modelled',
    ),
    'SI-2': untested(partial('Flaws are corrected in time.'), 'No version is compared with a list'),
    'SI-6': practice('It is verified that security functions work.'),
    'SI-16': partial('Memory is protected against execution of foreign code.'),
  },
};
