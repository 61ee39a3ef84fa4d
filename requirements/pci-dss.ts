import { partial, practice, untested } from './framework.ts';
import type { Framework } from './framework.ts';

/** Ids are those of 4.0, which they did not change. */
export const pciDss: Framework = {
  key: 'pci-dss',
  version: '4.0.1',
  name: 'PCI Data Security Standard',
  source: 'https://www.pcisecuritystandards.org/document_library/',
  requirements: {
    '1.3.1': partial('Traffic into the cardholder data environment is only what is needed.'),
    '1.3.2': partial('Traffic out of the cardholder data environment is only what is needed.'),
    '2.2.3': partial('Functions that need different levels of security do not endanger each other on one system.'),
    '2.2.6': partial('Systems are set up so that they cannot be misused.'),
    '6.3.3': untested(
      partial('Components are protected from known vulnerabilities by updates.'),
      'No version is compared with a list',
    ),
    '6.5.2': practice('After a significant change it is confirmed that all that applies is in place.'),
    '7.2.2': partial('Access is by least privilege.'),
    '11.4.5': practice('Segmentation is tested by attempts to get through it, at least every twelve months.'),
    '11.4.6': practice('The same for service providers, at least every six months.'),
    'A1.1.1': partial("A provider's environment and its customers' are logically separated."),
    'A1.1.2': partial('Each customer reaches only its own cardholder data.'),
    'A1.1.3': partial('Each customer reaches only the resources that it was given.'),
    'A1.1.4': practice('The separation of customers is confirmed by penetration tests at least every six months.'),
  },
};
