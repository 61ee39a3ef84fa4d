import { expect, test } from 'vitest';
import { list, read } from '../harness/attempt.ts';
import type { Attempt } from '../harness/attempt.ts';
import { stableObservation } from './stable.ts';

const stable = (attempt: Attempt, value: Record<string, unknown>) =>
  stableObservation(attempt, { id: 'x', kind: attempt.kind, value }, { node: undefined, names: [] });

test('names of hosts are the same whatever the addresses are', () => {
  const hosts = (text: string) => stable(read('/etc/hosts'), { text, sha256: text });
  expect(hosts('127.0.0.1\tlocalhost\n10.244.0.9\tpod\n')).toEqual(hosts('127.0.0.1\tlocalhost\n10.244.7.77\tpod\n'));
  expect(hosts('fd00::9\tpod\n')).toEqual(hosts('fd00::1:0\tpod\n'));
  expect(hosts('10.244.0.9\tpod\n')).not.toEqual(hosts('10.244.0.9\tnode\n'));
  expect(hosts('root:x:0:0:root:/root:/bin/bash\n')).not.toEqual(hosts('bin:x:1:1:bin:/bin:/bin/sh\n'));
});

test('a device file that another container of the pod made for a moment is no difference', () => {
  const volume = (...names: string[]) =>
    stable(list('/tmp'), { entries: names.map((name) => ({ name, type: 'file' })), truncated: false });
  expect(volume('.cofferdam-17')).toEqual(volume());
  expect(volume('passwd')).not.toEqual(volume());
});
