import { execa } from 'execa';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { buildImage } from './image.ts';

const cache = mkdtempSync(join(tmpdir(), 'cofferdam-image-'));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

// Go may have to compile its own library first.
const patience = 600_000;

test(
  'may be asked for several times at once in one process, as for the clusters of a proof',
  { timeout: patience },
  async () => {
    // Go's own cache stays where it is.
    vi.stubEnv('GOCACHE', (await execa('go', ['env', 'GOCACHE'])).stdout);
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const first = await buildImage('amd64');
    const images = [first, ...(await Promise.all([1, 2, 3].map(() => buildImage('amd64'))))];
    expect(new Set(images.map(({ file }) => file)).size).toBe(1);
    expect(new Set(images.map(({ manifestDigest }) => manifestDigest)).size).toBe(1);
    const left = readdirSync(join(cache, 'cofferdam', 'probe')).map((name) => name.replace(/^[0-9a-f]{24}/, ''));
    expect(left.sort()).toEqual(['.binary', '.tar']);
  },
);
