import type { IsolationClass } from '../check.ts';

/** A claim, and who makes it. It says what to expect; whether it is true is for the attribution checks. */
export interface Claim {
  isolationClass: IsolationClass;
  by: string;
}

/** Handlers and RuntimeClasses by the names that their own documentation gives them. */
const knownNames: readonly [RegExp, IsolationClass, string][] = [
  [/^(runc|crun|youki)$/, 'shared-kernel', 'a conventional OCI runtime'],
  [/^(runsc|gvisor)$/, 'application-kernel', 'gVisor'],
  [/^kata/, 'guest-kernel', 'Kata Containers'],
];

const strength: readonly IsolationClass[] = ['shared-kernel', 'application-kernel', 'guest-kernel'];

function known(kind: string, name: string): Claim | undefined {
  const found = knownNames.find(([pattern]) => pattern.test(name));
  return found && { isolationClass: found[1], by: `${kind} ${name} is named as ${found[2]}` };
}

/**
 * What a RuntimeClass promises. The user's word comes first (by RuntimeClass or by handler); else the names. Where the
 * name of the RuntimeClass and that of its handler promise different things, the stronger promise is the one that users of
 * the cluster rely on, so it is the one that is tested. A name that nobody knows promises nothing.
 */
export function claimOf(
  runtimeClass: string,
  handler: string,
  stated: ReadonlyMap<string, IsolationClass>,
): Claim | undefined {
  const byUser = stated.get(runtimeClass) ?? stated.get(handler);
  if (byUser) return { isolationClass: byUser, by: '--claim' };
  return [known('handler', handler), known('RuntimeClass', runtimeClass)]
    .filter((claim) => claim !== undefined)
    .sort((a, b) => strength.indexOf(b.isolationClass) - strength.indexOf(a.isolationClass))[0];
}
