import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, verify as verifySignature } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogueDigest, loadCatalogue } from '../harness/catalogue.ts';
import type { Run } from '../harness/evidence.ts';
import { UsageError } from '../harness/usage.ts';
import { version } from '../harness/version.ts';
import { parseRequest, placeReports, writeReports } from '../reports/index.ts';
import { fakeCited } from '../reports/testing.ts';
import { attest } from './attest.ts';
import { bundleFile, manifestDifferences, manifestFile, manifestOf, publicKeyFile, seal, sha256 } from './manifest.ts';
import { proofAnswer } from './proof-check.ts';
import { signatureAnswer } from './signature-check.ts';
import { keySigner } from './signer.ts';
import { judgeHere, realRun, scratch, storeRun } from './testing.ts';
import type { Answer, Verification } from './verification.ts';
import { verifyDirectory } from './verify.ts';

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const judge = (_: string, run: Run) => judgeHere(run);

const verify = (directory: string, key?: KeyObject): Promise<Verification> =>
  verifyDirectory(directory, { signer: { key }, judge });

const catalogue = await loadCatalogue();
/** As if the run had been made with the catalogue at hand. */
const ofThisVersion = (run: Run): Run => {
  const ids = new Set(run.roster.map(({ check }) => check));
  const sha256 = catalogueDigest([...catalogue.values()].filter(({ id }) => ids.has(id)));
  return { ...run, suite: { ...run.suite, version }, catalogue: { ...run.catalogue, sha256 } };
};

const about = ({ answers }: Verification, what: Answer['about']): Answer | undefined =>
  answers.find((one) => one.about === what);

/** Whether a change was noticed: by an answer, or because there is nothing left to read. */
async function noticed(directory: string, key?: KeyObject): Promise<boolean> {
  try {
    return (await verify(directory, key)).exitCode !== 0;
  } catch (error) {
    if (error instanceof UsageError) return true;
    throw error;
  }
}

const filesOf = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

async function fresh(key?: KeyObject, given = realRun(1)): Promise<{ directory: string; run: Run }> {
  const directory = scratch();
  const run = await storeRun(directory, given);
  await attest(directory, run, key && keySigner(key));
  return { directory, run };
}

describe('a whole directory', () => {
  it('agrees in everything, and says plainly that it is unsigned', async () => {
    const { directory } = await fresh();
    const verification = await verify(directory);
    expect(verification.answers.flatMap((one) => one.details)).toEqual([]);
    expect(verification.exitCode).toBe(0);
    expect(about(verification, 'signature')?.sentence).toContain('unsigned');
  });

  it.each([
    ['P-256', p256],
    ['Ed25519', ed25519],
  ])('agrees when it is signed with %s', async (_, { privateKey, publicKey }) => {
    const { directory } = await fresh(privateKey);
    expect(await verify(directory, publicKey)).toMatchObject({ exitCode: 0 });
    const withoutKey = await verify(directory);
    expect(withoutKey.exitCode).toBe(0);
    expect(about(withoutKey, 'signature')?.sentence).toContain('proves nothing of who');
  });
});

describe('a proof that the run has to cite', () => {
  const proof = fakeCited();
  const given = (run: Run, cited = proof) => ({ version: run.suite.version, meaning: run.meaning, cited });

  it('is asked for only where the reader has one', async () => {
    const { directory, run } = await fresh(undefined, { ...realRun(3), proof });
    expect(about(await verify(directory), 'proof')).toBeUndefined();
    const verification = await verifyDirectory(directory, { judge, proof: given(run) });
    expect(verification.exitCode).toBe(0);
    expect(about(verification, 'proof')?.sentence).toBe(
      'run.json cites this prove.json: 225 of 225 planted breaches were caught',
    );
    const another = await verifyDirectory(directory, { judge, proof: given(run, fakeCited({ sha256: 'beef' })) });
    expect(another.exitCode).toBe(1);
  });

  const run = { ...realRun(3), proof };
  it.each([
    ['of which the run knows nothing', realRun(3), given(run), 'run.json cites none'],
    [
      'of another digest',
      run,
      given(run, fakeCited({ sha256: 'beef' })),
      'this prove.json has SHA-256 beef, run.json cites f00d',
    ],
    [
      'of another version',
      run,
      { ...given(run), version: '0.0.1' },
      `the version: run.json says "${run.suite.version}", prove.json "0.0.1"`,
    ],
    [
      'of another meaning',
      run,
      { ...given(run), meaning: run.meaning + 1 },
      `the meaning: run.json says ${run.meaning}, prove.json ${run.meaning + 1}`,
    ],
    [
      'that caught fewer',
      run,
      given(run, fakeCited({ caught: 3 })),
      'how many were caught: run.json says 225, prove.json 3',
    ],
    [
      'that planted fewer',
      run,
      given(run, fakeCited({ planned: 3 })),
      'how many were planned: run.json says 225, prove.json 3',
    ],
  ])('differs: one %s', (_, cites, expected, why) => {
    expect(proofAnswer(cites, expected)).toMatchObject({ outcome: 'differs', details: [why] });
  });
  it('differs: one on another node', () => {
    const elsewhere = fakeCited({ node: { ...proof.node, kernel: '5.15.0' } });
    expect(proofAnswer(run, given(run, elsewhere)).details).toEqual([expect.stringMatching(/^the node: /)]);
  });
});

it('can be verified by anybody, without cofferdam', async () => {
  const { directory } = await fresh(p256.privateKey);
  // DSSE's pre-authentication encoding, by its specification: https://github.com/secure-systems-lab/dsse.
  const { dsseEnvelope } = JSON.parse(readFileSync(join(directory, bundleFile), 'utf8')) as {
    dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
  };
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const { payloadType, signatures } = dsseEnvelope;
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  expect(verifySignature('sha256', signed, p256.publicKey, Buffer.from(signatures[0]!.sig, 'base64'))).toBe(true);
  const statement = JSON.parse(payload.toString()) as Record<string, unknown>;
  expect(statement).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'manifest.json', digest: { sha256: sha256(readFileSync(join(directory, manifestFile))) } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: { result: 'WARNED' },
  });
});

describe('one changed byte', () => {
  const flip = (content: Buffer, offset: number): Buffer => {
    const flipped = Buffer.from(content);
    flipped[offset] = (flipped[offset] ?? 0) ^ (1 << (offset % 8));
    return flipped;
  };
  /** The offsets at which a change of one bit is not noticed. */
  const missed = async (file: string, offsets: readonly number[], check: () => boolean | Promise<boolean>) => {
    const content = readFileSync(file);
    const silent: string[] = [];
    for (const offset of offsets) {
      writeFileSync(file, flip(content, offset));
      if (!(await check())) silent.push(`${file}, byte ${offset}`);
    }
    writeFileSync(file, content);
    return silent;
  };
  const every = (file: string): number[] => [...readFileSync(file).keys()];

  it('is noticed at the beginning, in the middle and at the end of every file', { timeout: 120_000 }, async () => {
    const { directory } = await fresh(p256.privateKey);
    const files = filesOf(directory);
    expect(files.map((file) => file.slice(directory.length + 1))).toEqual(
      expect.arrayContaining([
        manifestFile,
        bundleFile,
        publicKeyFile,
        'run.json',
        'journal.ndjson',
        'junit.xml',
        'report.html',
      ]),
    );
    for (const file of files) {
      const { length } = readFileSync(file);
      expect(await missed(file, [0, Math.floor(length / 2), length - 1], () => noticed(directory))).toEqual([]);
    }
    expect(await noticed(directory)).toBe(false);
  });

  it('is noticed at every byte of the manifest', async () => {
    const { directory, run } = await fresh();
    const [file, actual] = [join(directory, manifestFile), manifestOf(directory, run.run.id)];
    const check = () => manifestDifferences(readFileSync(file, 'utf8'), actual).length > 0;
    expect(check()).toBe(false);
    expect(await missed(file, every(file), check)).toEqual([]);
  });

  it('is noticed at every byte of the signed bundle', { timeout: 120_000 }, async () => {
    const { directory, run } = await fresh(p256.privateKey, { ...realRun(1), roster: realRun(1).roster.slice(0, 4) });
    const file = join(directory, bundleFile);
    const check = () => {
      try {
        return signatureAnswer(directory, run, {}).outcome !== 'agrees';
      } catch (error) {
        return error instanceof UsageError;
      }
    };
    expect(check()).toBe(false);
    expect(await missed(file, every(file), check)).toEqual([]);
  });
});

describe('files that come and go', () => {
  it('notices a file that was added, taken away, renamed, or turned into a link', async () => {
    const { directory } = await fresh(p256.privateKey);
    const attack = async (work: (copy: string) => void) => {
      const copy = scratch();
      cpSync(directory, copy, { recursive: true });
      expect(await noticed(copy)).toBe(false);
      work(copy);
      return noticed(copy);
    };
    for (const file of filesOf(directory).map((one) => one.slice(directory.length + 1))) {
      expect(await attack((copy) => rmSync(join(copy, file))), `${file} taken away`).toBe(true);
      expect(await attack((copy) => renameSync(join(copy, file), join(copy, `${file}.old`))), `${file} renamed`).toBe(
        true,
      );
    }
    expect(await attack((copy) => writeFileSync(join(copy, 'raw', 'more.log'), ''))).toBe(true);
    expect(await attack((copy) => writeFileSync(join(copy, '.hidden'), ''))).toBe(true);
    expect(await attack((copy) => symlinkSync('/etc/hostname', join(copy, 'raw', 'link.log')))).toBe(true);
  });

  it('finds what is no file in the place of one, and waits for no end of it', { timeout: 120_000 }, async () => {
    const { directory } = await fresh(p256.privateKey);
    for (const name of ['run.json', 'junit.xml', 'journal.ndjson', 'raw', manifestFile, bundleFile, publicKeyFile]) {
      const copy = join(scratch(), 'copy');
      const put = async (other: (path: string) => void) => {
        rmSync(copy, { recursive: true, force: true });
        cpSync(directory, copy, { recursive: true });
        rmSync(join(copy, name), { recursive: true });
        other(join(copy, name));
        return noticed(copy);
      };
      expect(await put((path) => mkdirSync(path)), `a directory ${name}`).toBe(true);
      expect(await put((path) => void execFileSync('mkfifo', [path])), `a pipe ${name}`).toBe(true);
    }
  });

  it('misses a signature only when its traces are taken away too, and nobody expects it', async () => {
    const { directory, run } = await fresh(p256.privateKey);
    rmSync(join(directory, bundleFile));
    expect(await noticed(directory)).toBe(true);
    rmSync(join(directory, publicKeyFile));
    seal(directory, run.run.id);
    expect(await noticed(directory)).toBe(false);
    expect(await noticed(directory, p256.publicKey)).toBe(true);
  });
});

describe('who rewrites the manifest too', () => {
  const rewritten = async (change: (directory: string, run: Run) => void): Promise<Verification> => {
    const { directory, run } = await fresh();
    change(directory, run);
    seal(directory, run.run.id);
    return verify(directory);
  };
  const writeRunText = (directory: string, run: Run) =>
    writeFileSync(join(directory, 'run.json'), `${JSON.stringify(run, undefined, 1)}\n`);

  it('is caught by the journal, over a verdict', async () => {
    const verification = await rewritten((directory, run) => {
      const [first, ...rest] = run.verdicts;
      writeRunText(directory, { ...run, verdicts: [{ ...first!, verdict: 'held', reason: 'trust me' }, ...rest] });
    });
    expect(about(verification, 'journal')?.details).toContain(
      'verdicts: run.json says something else than journal.ndjson',
    );
  });

  it('is caught by the raw logs, over an observation', async () => {
    const verification = await rewritten((directory, run) => {
      const observations = run.containers[0]!.observations.slice(1);
      writeRunText(directory, {
        ...run,
        containers: [{ ...run.containers[0]!, observations }, ...run.containers.slice(1)],
      });
    });
    expect(about(verification, 'observations')?.outcome).toBe('differs');
  });

  it('is caught by the journal, over a raw log', async () => {
    const verification = await rewritten((directory) => {
      const file = readdirSync(join(directory, 'raw'))[0]!;
      writeFileSync(join(directory, 'raw', file), 'nothing to see\n');
    });
    expect(about(verification, 'journal')?.details.join()).toContain('is not what journal.ndjson recorded');
  });

  it('is caught by the chain, over a line of the journal', async () => {
    const verification = await rewritten((directory) => {
      const file = join(directory, 'journal.ndjson');
      const lines = readFileSync(file, 'utf8').split('\n');
      writeFileSync(file, [...lines.slice(0, 3), ...lines.slice(4)].join('\n'));
    });
    expect(about(verification, 'journal')?.details).toEqual(['journal.ndjson, line 4: its sequence number is 5']);
  });

  it('is caught by the reports, over junit.xml', async () => {
    const verification = await rewritten((directory) => {
      const file = join(directory, 'junit.xml');
      writeFileSync(
        file,
        readFileSync(file, 'utf8')
          .replace(/<skipped/, '<failure')
          .replace(/<\/skipped>/, '</failure>'),
      );
    });
    expect(about(verification, 'reports')?.outcome).toBe('differs');
  });

  it.each([
    ['junit.xml', /claim: .*/],
    ['junit-strict.xml', /claim: .*/],
    ['report.html', /(?<=<span class="claim">)[^<]*/],
  ])('is caught by making %s again, over what it tells of a check', async (name, claim) => {
    const directory = scratch();
    const run = await storeRun(directory, ofThisVersion(realRun(1)));
    await writeReports(placeReports([parseRequest('junit-strict')], directory), run);
    seal(directory, run.run.id);
    expect(about(await verify(directory), 'reports')).toMatchObject({
      outcome: 'agrees',
      sentence: 'junit.xml, report.html, junit-strict.xml: to the byte what comes of run.json',
    });
    const file = join(directory, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(claim, 'claim: All is well.'));
    seal(directory, run.run.id);
    expect(about(await verify(directory), 'reports')?.details).toEqual([
      `${name} says what run.json says, and tells something else of the checks than this version of cofferdam`,
    ]);
  });

  it.each([
    ['oscal', '"value": "exposed"', '"value": "held"'],
    ['sarif', '"exitCode": ', '"exitCode": 1'],
    ['openreports', '"result": "warn"', '"result": "pass"'],
    ['sonobuoy', '"status": "skipped"', '"status": "passed"'],
  ])('is caught by %s, over what it says of the run', async (name, honest, lie) => {
    const directory = scratch();
    const run = await storeRun(directory, ofThisVersion(realRun(1)));
    const [placed] = placeReports([parseRequest(name)], directory);
    await writeReports([placed!], run);
    seal(directory, run.run.id);
    expect(about(await verify(directory), 'reports')?.outcome).toBe('agrees');
    const text = readFileSync(placed!.file, 'utf8');
    const forged = text.replace(honest, lie);
    expect(forged).not.toBe(text);
    writeFileSync(placed!.file, forged);
    seal(directory, run.run.id);
    expect(about(await verify(directory), 'reports')).toMatchObject({
      outcome: 'differs',
      details: [expect.stringMatching(/ does not say what run.json says: line \d+ is /)],
    });
  });

  it('is caught by judging again, over a verdict and the journal', async () => {
    const directory = scratch();
    const honest = await storeRun(directory, realRun(1));
    const verdicts = honest.verdicts.map((one) => ({ ...one, verdict: 'held' as const, reason: 'trust me' }));
    const journal = readFileSync(join(directory, 'journal.ndjson'), 'utf8').split('\n');
    const judged = JSON.parse(journal.at(-2)!) as Record<string, unknown>;
    writeFileSync(
      join(directory, 'journal.ndjson'),
      `${[...journal.slice(0, -2), JSON.stringify({ ...judged, verdicts })].join('\n')}\n`,
    );
    for (const name of ['junit.xml', 'report.html']) rmSync(join(directory, name));
    writeRunText(directory, { ...honest, verdicts });
    seal(directory, honest.run.id);
    const verification = await verify(directory);
    expect(about(verification, 'journal')?.outcome).toBe('agrees');
    expect(about(verification, 'verdicts')).toMatchObject({ outcome: 'differs' });
    expect(about(verification, 'verdicts')?.details[0]).toMatch(/stored as held, judged again it is|its reason is not/);
  });
});

describe('who mixes two runs that are whole', () => {
  const two = async () => {
    const [one, other] = [await fresh(p256.privateKey), await fresh(p256.privateKey, realRun(2))];
    return { one: one.directory, other: other.directory, run: one.run };
  };

  it('is caught over every file, with a manifest of what is there or with the one that was signed', async () => {
    const { one, other, run } = await two();
    const names = filesOf(one).map((file) => file.slice(one.length + 1));
    for (const name of names.filter((file) => file !== publicKeyFile && existsSync(join(other, file)))) {
      for (const sealAgain of [false, true]) {
        const copy = scratch();
        cpSync(one, copy, { recursive: true });
        cpSync(join(other, name), join(copy, name));
        if (sealAgain && name !== manifestFile) seal(copy, run.run.id);
        expect(await noticed(copy, p256.publicKey), `${name}, ${sealAgain ? 'sealed again' : 'as signed'}`).toBe(true);
      }
    }
  }, 120_000);

  it('is caught over the signature of the other run, which is by the same key', async () => {
    const { one, other } = await two();
    cpSync(join(other, bundleFile), join(one, bundleFile));
    expect(about(await verify(one, p256.publicKey), 'signature')?.details).toContain(
      `it is about another ${manifestFile}`,
    );
  });

  it('is caught over a manifest that is written anew under the old signature', async () => {
    const { one, run } = await two();
    rmSync(join(one, 'junit.xml'));
    seal(one, run.run.id);
    const verification = await verify(one, p256.publicKey);
    expect(about(verification, 'files')?.outcome).toBe('agrees');
    expect(about(verification, 'signature')?.details).toEqual([`it is about another ${manifestFile}`]);
  });
});

describe('who seals what readers take for different things', () => {
  const sealedWith = async (name: string, change: (text: string) => string): Promise<Verification> => {
    const { directory, run } = await fresh();
    const file = join(directory, name);
    const [text, changed] = [readFileSync(file, 'utf8'), change(readFileSync(file, 'utf8'))];
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    seal(directory, run.run.id);
    return verify(directory);
  };

  it('is caught over a name that stands twice in run.json', async () => {
    const verification = await sealedWith('run.json', (text) =>
      text.replace('"verdict": "', '"verdict": "held",\n   "verdict": "'),
    );
    expect(about(verification, 'files')?.details.join()).toMatch(/^run\.json: .*a name stands in it twice/);
  });

  it('is caught over a number that is longer than it is exact', async () => {
    const verification = await sealedWith('run.json', (text) =>
      text.replace('"checks": 42', '"checks": 42.00000000000000001'),
    );
    expect(about(verification, 'files')?.outcome).toBe('differs');
  });

  it('is caught over a name that stands twice in the journal', async () => {
    const verification = await sealedWith('journal.ndjson', (text) =>
      text.replace('"event":', '"event":"judged","event":'),
    );
    expect(about(verification, 'journal')?.details.join()).toMatch(/line 1: .*a name stands in it twice/);
  });

  it('is caught over a journal that ends early, at the end of a line', async () => {
    const verification = await sealedWith('journal.ndjson', (text) => `${text.split('\n').slice(0, -2).join('\n')}\n`);
    expect(about(verification, 'journal')?.outcome).toBe('differs');
  });

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['a number without end', (text: string) => text.replace('"meaning": ', '"meaning": 1e999')],
  ])('is refused over %s in run.json', async (_, change) => {
    await expect(sealedWith('run.json', change)).rejects.toThrow(UsageError);
  });
});

describe('what is no evidence', () => {
  const refused = async (change: (directory: string) => void, key?: KeyObject): Promise<string> => {
    const { directory } = await fresh(p256.privateKey);
    change(directory);
    return verify(directory, key).then(
      () => 'it was accepted',
      (error: unknown) => (error instanceof UsageError ? error.message : String(error)),
    );
  };

  it('is a truncated run.json', async () => {
    const why = await refused((directory) => {
      const file = join(directory, 'run.json');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, 5000));
    });
    expect(why).toMatch(/run\.json is not JSON: .*position 5000|run\.json is not JSON/);
  });

  it('is a run of a newer schema', async () => {
    const why = await refused((directory) => {
      const file = join(directory, 'run.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"schema": 1', '"schema": 2'));
    });
    expect(why).toContain('run.json has schema 2, this version of cofferdam reads 1');
  });

  it("is another program's XML", async () => {
    const why = await refused((directory) =>
      writeFileSync(join(directory, 'junit.xml'), '<testsuites name="pytest tests"><testsuite/></testsuites>'),
    );
    expect(why).toContain('is no report of cofferdam');
  });

  it('is a bundle signed with another key', async () => {
    const why = await refused(() => {}, ed25519.publicKey);
    expect(why).toMatch(/was signed with another key: it names SHA256:\S+, --key is SHA256:/);
  });

  it('is a bundle that is none', async () => {
    expect(await refused((directory) => writeFileSync(join(directory, bundleFile), '{"mediaType":1}'))).toContain(
      'is no sigstore bundle',
    );
  });
});

it('is not signed by a certificate that somebody put in the place of the key', async () => {
  const { directory, run } = await fresh(p256.privateKey);
  const file = join(directory, bundleFile);
  const bundle = JSON.parse(readFileSync(file, 'utf8')) as { verificationMaterial: Record<string, unknown> };
  delete bundle.verificationMaterial['publicKey'];
  bundle.verificationMaterial['certificate'] = { rawBytes: Buffer.from('any').toString('base64') };
  writeFileSync(file, JSON.stringify(bundle));
  const [own, about] = ['it is not the signature of its own certificate', `it is about another ${manifestFile}`];
  expect(signatureAnswer(directory, run, {})).toMatchObject({ outcome: 'differs', details: [own] });
  writeFileSync(join(directory, manifestFile), '{}');
  expect(signatureAnswer(directory, run, {}).details).toEqual([own, about]);
});

it('does not judge by another meaning', async () => {
  const { directory, run } = await fresh();
  const other = { ...run, meaning: run.meaning + 1 };
  writeFileSync(join(directory, 'run.json'), `${JSON.stringify(other, undefined, 1)}\n`);
  for (const name of ['junit.xml', 'report.html', manifestFile]) rmSync(join(directory, name));
  seal(directory, run.run.id);
  const verification = await verify(directory);
  expect(about(verification, 'verdicts')).toMatchObject({ outcome: 'unknown' });
  expect(verification.exitCode).toBe(3);
});
