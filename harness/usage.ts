/** The user asked for something that cannot be: exit code 2, and nothing was created. */
export class UsageError extends Error {
  override name = 'UsageError';
}
