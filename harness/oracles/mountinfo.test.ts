import { expect, test } from 'vitest';
import { parseMountinfo } from './mountinfo.ts';

test('takes a line apart, whatever tags are in its middle', () => {
  expect(
    parseMountinfo('36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n'),
  ).toEqual([
    {
      device: '98:0',
      root: '/mnt1',
      point: '/mnt2',
      options: 'rw,noatime',
      propagation: ['master:1', 'shared:2'],
      fstype: 'ext3',
      source: '/dev/root',
      superOptions: 'rw,errors=continue',
    },
  ]);
});

test('keeps a mount that names no source', () => {
  expect(parseMountinfo('22 21 0:20 / /dev/shm rw - tmpfs  rw')).toMatchObject([{ point: '/dev/shm', source: '' }]);
});

test.each(['', 'nonsense', '22 21 0:20 / /dev', '22 21 0:20 / /dev rw - tmpfs', '22 21 0:20 / /dev rw shared:1'])(
  'leaves out what is no line: %j',
  (line) => expect(parseMountinfo(line)).toEqual([]),
);
