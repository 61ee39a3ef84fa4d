import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, keyVariable, passphraseVariable, privateKey, publicKey, publicPem } from './keys.ts';
import { scratch } from './testing.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const encrypted = pair.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
  .toString();

const fileWith = (text: string): string => {
  const file = join(scratch(), 'key.pem');
  writeFileSync(file, text);
  return file;
};

describe('a private key', () => {
  it('comes from a file, else from the environment, else there is none', () => {
    expect(fingerprint(privateKey(fileWith(pem), {})!)).toBe(fingerprint(pair.publicKey));
    expect(fingerprint(privateKey(undefined, { [keyVariable]: pem })!)).toBe(fingerprint(pair.publicKey));
    expect(privateKey(undefined, {})).toBeUndefined();
  });

  it('is decrypted with the passphrase of the environment, and says where that is missing', () => {
    expect(privateKey(fileWith(encrypted), { [passphraseVariable]: 'open sesame' })).toBeDefined();
    expect(() => privateKey(fileWith(encrypted), {})).toThrow(passphraseVariable);
    expect(() => privateKey(fileWith(encrypted), { [passphraseVariable]: 'wrong' })).toThrow('holds no private key');
  });

  it.each([
    ['no PEM', 'hello', 'holds no private key in PEM'],
    ["cosign's own format", '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n', 'which only cosign reads'],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'a key of type rsa'],
    [
      'another curve',
      generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
      '(secp521r1), expected EC on P-256',
    ],
  ])('is refused: %s', (_, given, why) => {
    const text = typeof given === 'string' ? given : given.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => privateKey(fileWith(text), {})).toThrow(why);
  });

  it('is refused when its file cannot be read', () => {
    expect(() => privateKey('/nowhere/key', {})).toThrow('/nowhere/key cannot be read');
  });
});

describe('a public key', () => {
  it('is the half of the private one', () => {
    expect(fingerprint(publicKey(fileWith(publicPem(pair.privateKey))))).toBe(fingerprint(pair.publicKey));
  });

  it('is not a private key, nor anything else', () => {
    expect(() => publicKey(fileWith(pem))).toThrow('holds a private key');
    expect(() => publicKey(fileWith('hello'))).toThrow('holds no public key');
  });
});
