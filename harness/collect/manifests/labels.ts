/** Labels on everything that the suite creates, so that `clean` finds it. */
export const managedBy = { 'app.kubernetes.io/managed-by': 'cofferdam' } as const;
export const runLabel = 'cofferdam.dev/run';
export const roleLabel = 'cofferdam.dev/role';

export const labelsOf = (runId: string): Record<string, string> => ({ ...managedBy, [runLabel]: runId });
