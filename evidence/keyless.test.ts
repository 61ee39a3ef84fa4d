import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../harness/usage.ts';
import { fakeRun, fakeVerdict } from '../reports/testing.ts';
import { attest } from './attest.ts';
import { trustedRoot } from './certificate-check.ts';
import { requireIdentity, tokenVariable } from './identity.ts';
import { keylessSigner, sigstoreServices } from './keyless.ts';
import { bundleDigestFile, bundleFile, manifestFile, publicKeyFile } from './manifest.ts';
import { signatureAnswer } from './signature-check.ts';
import type { ExpectedSigner } from './signature-check.ts';
import { keySigner } from './signer.ts';
import { localSigstore, tokenOf } from './testing-sigstore.ts';
import type { LocalSigstore } from './testing-sigstore.ts';
import { scratch } from './testing.ts';

const issuer = 'https://token.actions.githubusercontent.com';
const identity = 'https://github.com/example/shop/.github/workflows/isolation.yml@refs/heads/main';
const run = fakeRun([fakeVerdict(), fakeVerdict({ node: 'node-b' })]);

let sigstore: LocalSigstore;
let other: LocalSigstore;
beforeAll(async () => {
  [sigstore, other] = await Promise.all([localSigstore(), localSigstore()]);
});
afterAll(() => {
  sigstore.close();
  other.close();
});
beforeEach(() => {
  // Whatever CI these tests run in must not be asked.
  for (const name of ['ACTIONS_ID_TOKEN_REQUEST_URL', 'BUILDKITE']) vi.stubEnv(name, '');
  vi.stubEnv(tokenVariable, tokenOf({ iss: issuer, sub: identity }));
});
afterEach(() => void vi.unstubAllEnvs());

const rootFile = (content: unknown): string => {
  const file = join(scratch(), 'trusted_root.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const expected = (change: { identity?: string; issuer?: string; root?: unknown } = {}): ExpectedSigner => ({
  certificate: {
    identity: change.identity ?? identity,
    issuer: change.issuer ?? issuer,
    roots: trustedRoot(rootFile(change.root ?? sigstore.trustedRoot)),
  },
});
const both = () => ({ fulcio: sigstore.url, rekor: sigstore.url, timestamp: sigstore.url });

/** A directory with a file in it, signed by the identity of the CI. */
async function signed(services = both()): Promise<string> {
  const directory = scratch();
  writeFileSync(join(directory, 'run.json'), 'the run');
  await attest(directory, run, keylessSigner(sigstoreServices(services)));
  return directory;
}

describe('a signature by the identity of a CI', () => {
  it('is that of the expected identity, on the word of the expected issuer', async () => {
    const directory = await signed();
    expect(readdirSync(directory).sort()).toEqual([bundleDigestFile, bundleFile, manifestFile, 'run.json']);
    expect(signatureAnswer(directory, run, expected())).toMatchObject({
      outcome: 'agrees',
      sentence: `PASSED, by ${identity} on the word of ${issuer}`,
    });
  });

  it('is not known to be good without saying whose it has to be', async () => {
    expect(signatureAnswer(await signed(), run, {})).toMatchObject({
      outcome: 'unknown',
      sentence: expect.stringContaining('--certificate-identity') as string,
    });
  });

  it.each([
    ['another identity', { identity: `${identity}-other` }],
    // An identity is no pattern: a dot is a dot.
    ['a pattern', { identity: identity.replaceAll('a', '.') }],
    ['a part of it', { identity: identity.slice(0, -1) }],
    ['another issuer', { issuer: 'https://accounts.example' }],
  ])('is refused for %s', async (_, change) => {
    const directory = await signed();
    expect(() => signatureAnswer(directory, run, expected(change))).toThrow(UsageError);
    expect(() => signatureAnswer(directory, run, expected(change))).toThrow(/was signed by somebody else: by https/);
  });

  it('is not good by the roots of another sigstore', async () => {
    expect(signatureAnswer(await signed(), run, expected({ root: other.trustedRoot }))).toMatchObject({
      outcome: 'differs',
      details: [expect.stringContaining('its certificate is not good by the trusted root') as string],
    });
  });

  it.each([
    ['a log', { fulcio: true, timestamp: true }, /expected 1 tlog entries, got 0/],
    ['a witness', { fulcio: true, rekor: true }, undefined],
  ])('needs %s where the trusted root names one', async (_, has, why) => {
    const services = Object.fromEntries(Object.keys(has).map((name) => [name, sigstore.url]));
    const answer = signatureAnswer(await signed(services as never), run, expected());
    if (why) expect(answer.details.join()).toMatch(why);
    else expect(answer.outcome).toBe('agrees');
  });

  it('does without a log where the trusted root names none', async () => {
    const directory = await signed({ fulcio: sigstore.url, timestamp: sigstore.url } as never);
    const root = { ...(sigstore.trustedRoot as object), tlogs: [] };
    expect(signatureAnswer(directory, run, expected({ root })).outcome).toBe('agrees');
  });

  it('is not that of a key, and a key makes none', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const byIdentity = await signed();
    expect(() => signatureAnswer(byIdentity, run, { key: publicKey })).toThrow('with a certificate, not with --key');
    const byKey = scratch();
    await attest(byKey, run, keySigner(privateKey));
    expect(() => signatureAnswer(byKey, run, expected())).toThrow(/with key SHA256:\S+, not with a certificate/);
  });

  it('is about this manifest and these verdicts', async () => {
    const directory = await signed();
    writeFileSync(join(directory, manifestFile), '{}');
    expect(signatureAnswer(directory, run, expected()).details).toEqual([`it is about another ${manifestFile}`]);
    const worse = fakeRun([fakeVerdict({ verdict: 'breached' })]);
    expect(signatureAnswer(directory, worse, {}).details).toContain('its test result is not that of run.json');
  });

  it('is found to be changed at every byte, and missed when it is taken away', { timeout: 120_000 }, async () => {
    const directory = await signed();
    for (const name of [bundleFile, bundleDigestFile]) {
      const file = join(directory, name);
      const content = readFileSync(file);
      const silent: number[] = [];
      for (const offset of content.keys()) {
        const changed = Buffer.from(content);
        changed[offset]! ^= 1 << (offset % 8);
        writeFileSync(file, changed);
        try {
          // Without whose it is: what nobody signed is found all the same.
          if (signatureAnswer(directory, run, {}).outcome !== 'differs') silent.push(offset);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }
      expect(silent, name).toEqual([]);
      rmSync(file);
      expect(signatureAnswer(directory, run, {}).outcome).toBe('differs');
      writeFileSync(file, content);
    }
    expect(signatureAnswer(directory, run, expected()).outcome).toBe('agrees');
    rmSync(join(directory, bundleFile));
    rmSync(join(directory, bundleDigestFile));
    expect(signatureAnswer(directory, run, expected()).details).toEqual([
      `there is no ${bundleFile}, so nothing is signed by ${identity}`,
    ]);
  });
});

describe('without an identity', () => {
  it('says where it looked and what to do', () => {
    expect(() => requireIdentity({})).toThrow(
      /none here: none of ACTIONS_ID_TOKEN_REQUEST_URL .*BUILDKITE.*SIGSTORE_ID_TOKEN .*--sign-key/,
    );
    expect(() => requireIdentity({ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://ci.example' })).toThrow(UsageError);
    expect(() => requireIdentity({ BUILDKITE: 'true' })).not.toThrow();
  });

  const secret = 'never-to-be-printed';
  it.each([
    ['no token', secret, /gave no OIDC token/],
    ['a token of nobody', tokenOf({ iss: issuer, secret }), /names nobody/],
    ['a token that expired', tokenOf({ sub: identity, secret }, -60), /expired at 2.*cofferdam attest DIR --keyless/],
  ])('%s is refused before a run, without repeating it', (_, token, why) => {
    const refused = () => requireIdentity({ [tokenVariable]: token });
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(why);
    expect(refused).not.toThrow(token);
  });
});

describe('a service that does not do its part', () => {
  const nobody = 'http://127.0.0.1:1';
  it.each([
    ['no certificate', { fulcio: `${nobody}/` }, /\/ gave no certificate/],
    ['no entry', { rekor: '/nothing' }, /nothing took no entry \(\(404\) Not Found\)/],
    ['no timestamp', { timestamp: '/nothing' }, /nothing gave no timestamp \(\(404\) Not Found\)/],
  ])('is named, and nothing is written: %s', { timeout: 60_000 }, async (_, change, why) => {
    const directory = scratch();
    const services = {
      ...both(),
      ...Object.fromEntries(
        Object.entries(change).map(([name, url]) => [name, url.startsWith('/') ? sigstore.url + url : url]),
      ),
    };
    const failed = attest(directory, run, keylessSigner(services));
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(why);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('where to sign', () => {
  it('is the public sigstore, or all of it is named', () => {
    expect(sigstoreServices({})).toEqual({
      fulcio: 'https://fulcio.sigstore.dev',
      rekor: 'https://rekor.sigstore.dev',
    });
    // Nothing of an own sigstore is told to the public log.
    expect(sigstoreServices({ fulcio: 'https://ca.example', timestamp: 'https://tsa.example' }).rekor).toBeUndefined();
    expect(() => sigstoreServices({ fulcio: 'https://ca.example' })).toThrow(/needs --rekor-url or --timestamp-url/);
  });

  it.each(['http://ca.example', 'ca.example', 'file:///ca'])(
    'is no place that a token is sent to in the open: %s',
    (url) => {
      expect(() => sigstoreServices({ fulcio: url, rekor: 'https://log.example' })).toThrow(/is no https URL/);
    },
  );
});

describe('a trusted root', () => {
  it.each([
    ['no JSON', 'hello', /is no trusted root of sigstore: /],
    ['no authority', '{}', /it names no certificate authority/],
    [
      'nonsense in a certificate',
      JSON.stringify({ certificateAuthorities: [{ certChain: { certificates: [{ rawBytes: 'AAAA' }] } }] }),
      /is no trusted root/,
    ],
  ])('is refused: %s', (_, text, why) => {
    const file = join(scratch(), 'root.json');
    writeFileSync(file, text);
    expect(() => trustedRoot(file)).toThrow(why);
    expect(() => trustedRoot(file)).toThrow(UsageError);
  });

  it('is refused when there is none', () => {
    expect(() => trustedRoot('/nowhere/root.json')).toThrow('/nowhere/root.json cannot be read');
  });
});

it('leaves no public key behind that could be taken for the signer', async () => {
  expect(existsSync(join(await signed(), publicKeyFile))).toBe(false);
});
