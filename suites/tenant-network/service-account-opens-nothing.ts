import { defineCheck, getWithToken, onReference, stopped } from '../../harness/check.ts';
import { servedToAnyAccount } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/service-account-opens-nothing',
  claim:
    "The token of a service account to which nobody granted anything gets a tenant's pod nothing from the node's kubelet and API server.",
  because:
    'Every pod has such a token unless it asks for none. A kubelet that allows whatever it is asked (AlwaysAllow), or a cluster that gives rights to all service accounts, gives every tenant the others.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/#kubelet-authorization',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#service-account-permissions',
  ],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#AC-6',
    'cis-kubernetes@1.12#4.2.2',
    'mitre-attack@18.1#T1613',
  ],
  touch: 'open',
  subject: 'host-path',
  // Of the API server's nothing is listed: nothing has such a name.
  attempt: [
    getWithToken('https://{nodeAddress}:10250/pods'),
    getWithToken('https://{nodeAddress}:6443/api/v1/secrets?fieldSelector=metadata.name%3Dcofferdam-none'),
    getWithToken('https://{nodeAddress}:6443/api/v1/pods?fieldSelector=metadata.name%3Dcofferdam-none'),
    // The witness's, which answers whoever reaches it: the control does, and shows that a service would have answered.
    getWithToken('http://127.0.0.1:{loopback.port}/'),
  ],
  reached: servedToAnyAccount(),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('denied', 'absent'),
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': stopped('denied', 'absent'),
  },
});
