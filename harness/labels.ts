/** On everything that the suite creates, so that `clean` finds it. */
export const managedBy = { 'app.kubernetes.io/managed-by': 'cofferdam' } as const;
/** Of which run it is. */
export const runLabel = 'cofferdam.dev/run';
/** What a pod does in it; on pods alone. */
export const roleLabel = 'cofferdam.dev/role';

/** The labels of all that a run creates. */
export const labelsOf = (runId: string): Record<string, string> => ({ ...managedBy, [runLabel]: runId });
