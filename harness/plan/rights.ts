import type { Plan } from './planned.ts';
import type { Right } from '../targets/kubernetes.ts';

/** A right, what it is for, and whether a run can do without. */
export interface Need {
  right: Right;
  why: string;
  /** Without it the run goes on, and what needs it is inconclusive. */
  optional?: true;
}

/** The rights that any run needs. */
const always: readonly Need[] = [
  { right: { verb: 'list', resource: 'nodes' }, why: 'to know where to test' },
  { right: { verb: 'list', resource: 'runtimeclasses', group: 'node.k8s.io' }, why: 'to know what to test' },
  { right: { verb: 'create', resource: 'namespaces' }, why: 'everything runs in namespaces of its own' },
  { right: { verb: 'get', resource: 'namespaces' }, why: 'to see that they are gone again' },
  { right: { verb: 'list', resource: 'namespaces' }, why: 'to find what a killed run left' },
  { right: { verb: 'delete', resource: 'namespaces' }, why: 'to clean up' },
  { right: { verb: 'create', resource: 'pods' }, why: 'the probes' },
  { right: { verb: 'list', resource: 'pods' }, why: 'one watch over all of them' },
  { right: { verb: 'watch', resource: 'pods' }, why: 'one watch over all of them' },
  {
    right: { verb: 'patch', resource: 'pods' },
    why: 'to end witnesses, servers and clients and still read their logs',
  },
  { right: { verb: 'delete', resource: 'pods' }, why: 'to make room for the next' },
  { right: { verb: 'get', resource: 'pods', subresource: 'log' }, why: 'what the probes saw' },
  { right: { verb: 'list', resource: 'events' }, why: 'to say why a pod does not start', optional: true },
];

const forNetwork: readonly Need[] = [
  {
    right: { verb: 'create', resource: 'networkpolicies', group: 'networking.k8s.io' },
    why: 'tenant-network: the policy that must hold',
    optional: true,
  },
  {
    right: { verb: 'delete', resource: 'networkpolicies', group: 'networking.k8s.io' },
    why: 'tenant-network: the control is the path without it',
    optional: true,
  },
];

const forMissingHandler: readonly Need[] = [
  {
    right: { verb: 'create', resource: 'runtimeclasses', group: 'node.k8s.io' },
    why: 'runtime-attribution: a handler that does not exist',
    optional: true,
  },
  {
    right: { verb: 'delete', resource: 'runtimeclasses', group: 'node.k8s.io' },
    why: 'runtime-attribution: to take it away again',
    optional: true,
  },
];

/** The rights that a plan needs; all that any plan may need, without one. */
export const needs = (plan?: Plan): Need[] => [
  ...always,
  ...(!plan || plan.paths.length ? forNetwork : []),
  ...(!plan || plan.missingHandler ? forMissingHandler : []),
];
