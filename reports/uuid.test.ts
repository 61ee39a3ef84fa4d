import { expect, it } from 'vitest';
import { uuidV5 } from './uuid.ts';

const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

it('makes the UUID of the example in RFC 9562, appendix A.4', () => {
  expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

it('tells names and namespaces apart', () => {
  expect(uuidV5(dns, 'www.example.org')).not.toBe(uuidV5(dns, 'www.example.com'));
  expect(uuidV5(uuidV5(dns, 'a'), 'b')).not.toBe(uuidV5(uuidV5(dns, 'b'), 'b'));
});
