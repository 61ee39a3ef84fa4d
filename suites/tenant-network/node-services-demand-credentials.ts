import { defineCheck, get, onReference, services, stopped } from '../../harness/check.ts';
import { asksOfServices, servedWithoutCredentials } from '../../harness/oracles.ts';

export default defineCheck({
  id: 'tenant-network/node-services-demand-credentials',
  claim:
    "A tenant's pod gets nothing from the node's kubelet, container engine, etcd and API server without credentials.",
  because:
    "The kubelet can run commands in every pod of its node, and its read-only port tells all about them; Docker's port gives away the node, etcd and the API server the cluster, and so does a proxy to it that has credentials.",
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/',
    'https://kubernetes.io/docs/reference/networking/ports-and-protocols/',
  ],
  requirements: [
    'nist-800-190@2017#4.3.3',
    'nist-800-53@5.1.1#AC-3',
    'nist-800-53@5.1.1#SC-2',
    'nist-800-53@5.1.1#SC-7',
    'disa-container-srg@v2r4#SRG-APP-000211-CTR-000530',
    'cis-kubernetes@1.12#4.2.1',
    'cis-kubernetes@1.12#4.2.4',
    'mitre-attack@18.1#T1613',
  ],
  touch: 'open',
  subject: 'restricted',
  // The kubelet's health endpoint listens on the node's loopback, and so does the witness: the control, which is there,
  // shows that a service would have answered, also where the kubelet has no such endpoint.
  attempt: [
    get('https://{nodeAddress}:10250/pods'),
    get('http://{nodeAddress}:10255/pods'),
    // Docker's, which is open wherever it is there.
    get('http://{nodeAddress}:2375/version'),
    // etcd's: without TLS, or with TLS that asks for no certificate.
    get('http://{nodeAddress}:2379/version'),
    get('https://{nodeAddress}:2379/version'),
    // The API server's, of a node that is also the control plane. What may be listed is enough: names of namespaces, and of the
    // rest nothing, since nothing has such a name.
    get('https://{nodeAddress}:6443/api/v1/namespaces?limit=1'),
    get('https://{nodeAddress}:6443/api/v1/secrets?fieldSelector=metadata.name%3Dcofferdam-none'),
    get('https://{nodeAddress}:6443/api/v1/pods?fieldSelector=metadata.name%3Dcofferdam-none'),
    // The API server's without TLS, and what passes requests on to it with credentials of its own, as kubectl proxy does.
    get('http://{nodeAddress}:8080/api'),
    get('http://{nodeAddress}:8001/api'),
    // The same, and a container engine's, at whatever else listens on the node.
    services(asksOfServices),
    get('http://127.0.0.1:10248/healthz'),
    get('http://127.0.0.1:{loopback.port}/'),
  ],
  reached: servedWithoutCredentials(),
  control: onReference('host-namespaces'),
  expect: {
    'shared-kernel': stopped('denied', 'absent'),
    'application-kernel': stopped('denied', 'absent'),
    'guest-kernel': stopped('denied', 'absent'),
  },
});
