import { call, defineCheck, exposed, onReference, stopped } from '../../harness/check.ts';
import { allowedAnywhere } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/raw-sockets-are-not-given',
  claim: 'A root process in a pod cannot open a raw packet socket.',
  because: "With one, a pod forges packets in its neighbours' names, and answers for addresses that are not its own.",
  references: ['https://man7.org/linux/man-pages/man7/packet.7.html', 'https://gvisor.dev/docs/user_guide/networking/'],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#SC-7',
    'nist-800-53@5.1.1#CM-7',
    'cis-kubernetes@1.12#5.2.8',
  ],
  touch: 'call',
  subject: 'default-root',
  attempt: call('socket_af_packet'),
  reached: allowedAnywhere(),
  control: onReference('privileged'),
  expect: {
    'shared-kernel': exposed('CAP_NET_RAW is in the default set of most runtimes'),
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': exposed('CAP_NET_RAW is in the default set, and the guest passes on what it is given'),
  },
});
