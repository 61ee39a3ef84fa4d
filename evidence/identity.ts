import { CIContextProvider } from '@sigstore/sign';
import { UsageError } from '../harness/usage.ts';

/** A token of an identity, for any CI that puts one into a variable; cosign reads the same. */
export const tokenVariable = 'SIGSTORE_ID_TOKEN';

/** Fulcio takes tokens that were made out for it. */
const audience = 'sigstore';

/** The CIs that hand out an identity, by the variables that say so. */
const sources: readonly { ci: string; variables: readonly string[] }[] = [
  {
    ci: 'GitHub Actions, in a job with the permission “id-token: write”',
    variables: ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  },
  { ci: 'Buildkite', variables: ['BUILDKITE'] },
  { ci: `any CI, with a token for the audience “${audience}”`, variables: [tokenVariable] },
];

/** Throws a UsageError where no CI gives an identity, or one that is of no use: before a run, not after it. */
export function requireIdentity(env: NodeJS.ProcessEnv = process.env): void {
  if (!sources.some(({ variables }) => variables.every((name) => env[name]))) {
    const looked = sources.map(({ ci, variables }) => `${variables.join(' and ')} (${ci})`);
    throw new UsageError(
      `--keyless signs with the identity that a CI gives, and there is none here: none of ${looked.join('; ')} is set. --sign-key signs with a key of your own`,
    );
  }
  const token = env[tokenVariable];
  if (token) usable(token, tokenVariable);
}

/** A token of the identity that the CI gives. It is a secret for as long as it lasts, and no error repeats it. */
export async function identityToken(): Promise<string> {
  requireIdentity();
  let token: string;
  try {
    token = await new CIContextProvider(audience).getToken();
  } catch {
    throw new UsageError(
      `the CI gave no token of its identity for the audience “${audience}”: it says that it would, and did not answer or refused`,
    );
  }
  return usable(token, 'the CI');
}

/** The token, when it names somebody and has not expired. */
function usable(token: string, from: string): string {
  let claims: Record<string, unknown>;
  try {
    claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  } catch {
    throw new UsageError(`${from} gave no OIDC token (a JWT of three parts), so there is no identity to sign with`);
  }
  if (!claims['sub'] && !claims['email'])
    throw new UsageError(`${from} gave a token that names nobody: no sub, no email`);
  const expires = Number(claims['exp']) * 1000;
  if (expires < Date.now()) {
    throw new UsageError(
      `${from} gave a token that expired at ${new Date(expires).toISOString()}: sign the stored run later, with cofferdam attest DIR --keyless, in a job with a fresh one`,
    );
  }
  return token;
}
