import type { Command } from 'commander';
import { needs } from '../harness/plan/rights.ts';
import { print } from './output.ts';

export function addRbac(program: Command): void {
  program
    .command('rbac')
    .description('print the smallest ClusterRole with which a run can work, and its binding')
    .option('--user <name>', 'bind it to this user (default: a ServiceAccount cofferdam in namespace default)')
    .addHelpText(
      'after',
      '\n  $ cofferdam rbac | kubectl apply -f -\n\nThe rights are cluster-wide because the namespaces do not exist before the run.',
    )
    .action(({ user }: { user?: string }) => print(manifest(user)));
}

/** The manifest, one rule an API group and resource, each with what it is for. */
export function manifest(user: string | undefined): string {
  const rules = Map.groupBy(
    needs(),
    ({ right }) => `${right.group ?? ''} ${right.resource}${right.subresource ? `/${right.subresource}` : ''}`,
  );
  const yaml = [...rules].map(([key, members]) => {
    const [group = '', resource = ''] = key.split(' ');
    const why = [...new Set(members.map((one) => one.why))].map((text) => `  # ${text}\n`).join('');
    const verbs = members.map(({ right }) => right.verb).join(', ');
    return `${why}  - apiGroups: ['${group}']\n    resources: ['${resource}']\n    verbs: [${verbs}]\n`;
  });
  const subject = user
    ? `  - kind: User\n    apiGroup: rbac.authorization.k8s.io\n    name: ${JSON.stringify(user)}\n`
    : '  - kind: ServiceAccount\n    name: cofferdam\n    namespace: default\n';
  const account = user
    ? ''
    : 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: cofferdam\n  namespace: default\n---\n';
  return `${account}apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cofferdam
rules:
${yaml.join('')}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: cofferdam
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cofferdam
subjects:
${subject}`;
}
