import { profiles } from '../fixtures/profiles.ts';
import type { Discovered } from '../harness/discover/discover.ts';
import { needs } from '../harness/plan/rights.ts';
import type { Plan } from '../harness/plan/planned.ts';

/** Seconds a pod costs: measured on one emulated core, and divided by ten for ordinary nodes. */
const podSeconds = 1.2;

/** The plan as `--dry-run` prints it: what would be created, with which rights, what is touched and how long it takes. */
export function describePlan(plan: Plan, discovered: Discovered, maxPods: number, image: string): string {
  const pods = [...plan.witnesses, ...plan.subjects, ...plan.servers, ...plan.clients];
  const lines = [
    `Kubernetes ${discovered.cluster.version ?? '(unknown version)'}, nodes: ${discovered.nodes.map((node) => `${node.name} (${node.kernel}, ${node.containerRuntime})`).join(', ')}`,
    '',
    `${plan.checks.length} checks, ${plan.roster.length} verdicts, strongest touch: ${plan.touch}`,
    '',
    'Cells',
    ...plan.cells.map(
      (cell) =>
        `  ${cell.handler} on ${cell.node}: ${cell.isolationClass ?? 'of unknown class (state it with --claim)'}, says ${cell.claimedBy}${cell.userNamespaces ? '; in user namespaces' : ''}${cell.reference ? '; reference' : ''}${cell.tested ? '' : '; control only, no verdicts'}`,
    ),
    '',
    `Namespaces, deleted at the end: ${[plan.namespace, ...(plan.clients.length ? [plan.tenants.client, plan.tenants.server] : [])].join(', ')}`,
    `On each node: the directory ${plan.canaryDirectory} with a file, a Unix socket and a named pipe in it, a process and a listener on the loopback interface with a canary, a System V shared memory segment, a key in the keyring of the node's root, a line in the kernel log; all but the line are removed`,
    'The pods tolerate every taint of their nodes: a node that is tested is tested whole.',
    `Image: ${image}`,
    '',
    `Pods: ${pods.length}, at most ${maxPods} starting or working at once on a node`,
    ...pods.map((pod) => `  ${pod.name} on ${pod.cell.node}: ${describePod(pod)}`),
    ...(plan.missingHandler
      ? [`  one more on each node that must not start (RuntimeClass ${plan.missingHandler.runtimeClass})`]
      : []),
    ...plan.annotated.map(
      ({ name, cell }) => `  ${name} on ${cell.node}: one that asks for a weaker sandbox by an annotation`,
    ),
    '',
    'Rights',
    ...needs(plan).map(
      ({ right, why }) =>
        `  ${right.verb} ${right.resource}${right.subresource ? `/${right.subresource}` : ''}: ${why}`,
    ),
    '',
    `About ${Math.ceil((pods.length * podSeconds) / 60) + 1} minutes on an ordinary cluster; nothing was created.`,
  ];
  return lines.join('\n');
}

function describePod(
  pod: Plan['witnesses'][number] | Plan['subjects'][number] | Plan['servers'][number] | Plan['clients'][number],
): string {
  switch (pod.kind) {
    case 'witness':
      return 'witness: privileged, hostPID; reads the node and plants the canaries';
    case 'subject':
      return pod.containers
        .map((one) => `${one.name} (${one.attempts.length} attempts; ${profiles[one.profile].summary})`)
        .join(', ');
    case 'server':
      return pod.server === 'flushing'
        ? 'server of the other tenant, privileged, deletes its own packet filter rules'
        : 'server of the other tenant';
    case 'client':
      return 'client of a tenant';
  }
}
