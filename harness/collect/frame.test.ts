import { describe, expect, test } from 'vitest';
import { logLimit } from '../log-limit.ts';
import { parseFrames } from './frame.ts';

const nonce = '0123abcd';
const line = (seq: number, json: object | string, by = nonce) =>
  `cofferdam/1 ${by} ${seq} ${typeof json === 'string' ? json : JSON.stringify(json)}`;
const end = (seq: number) => line(seq, { end: true, count: seq - 1 });
const one = { id: 'a', kind: 'read', value: { text: 'x' } };
const two = { id: 'b', kind: 'open', errno: 'EROFS', step: 'open' };
const parse = (...lines: string[]) => parseFrames(lines.join('\n'), nonce);

describe('a complete log', () => {
  test('gives its observations in order', () => {
    expect(parse(line(1, one), line(2, two), end(3))).toEqual({ observations: [one, two], complete: true });
  });
  test('may have other lines between, and lines out of order', () => {
    expect(parse('hello', line(2, two), 'cofferdam/1', line(1, one), end(3)).observations).toEqual([one, two]);
  });
  test('may repeat a line to the letter', () => {
    expect(parse(line(1, one), line(1, one), end(2)).complete).toBe(true);
  });
});

describe('a log that lies, or was cut', () => {
  test('without any line is incomplete', () => {
    expect(parse('nothing')).toMatchObject({
      complete: false,
      cause: "the container printed none of the probe's lines",
    });
  });
  test('without a last line is incomplete', () => {
    expect(parse(line(1, one))).toMatchObject({
      complete: false,
      cause: "the probe's line 2 is missing",
      observations: [one],
    });
  });
  test('that fills what is read of a log is incomplete: what contradicts it may come after', () => {
    const lines = [line(1, one), end(2)];
    const filled = (bytes: number) => parse(...lines, 'x'.repeat(bytes - lines.join('\n').length - 1));
    expect(filled(logLimit - 1).complete).toBe(true);
    expect(filled(logLimit)).toMatchObject({
      complete: false,
      cause: 'the log has 4194304 bytes or more, and what came after them is unknown',
      observations: [one],
    });
  });
  test('with a gap keeps what came before it', () => {
    expect(parse(line(1, one), line(3, two), end(4))).toMatchObject({ complete: false, observations: [one] });
  });
  test('with a wrong count is incomplete', () => {
    expect(parse(line(1, one), line(2, { end: true, count: 7 })).complete).toBe(false);
  });
  test('with lines after the last is incomplete', () => {
    expect(parse(line(1, one), end(2), line(3, two)).complete).toBe(false);
  });
  test("with another's nonce says nothing", () => {
    expect(parse(line(1, one, 'ffff'), line(2, { end: true, count: 1 }, 'ffff')).observations).toEqual([]);
  });
  test('with two contents for one number believes neither', () => {
    expect(parse(line(1, one), line(2, two), line(2, one), end(3))).toMatchObject({
      complete: false,
      observations: [one],
      cause: 'line 2 of the probe came twice, with different content',
    });
  });
  test('with two last lines believes neither', () => {
    expect(parse(line(1, one), end(2), line(2, { end: true, count: 2 })).complete).toBe(false);
  });
  test('with a line that is cut is incomplete', () => {
    expect(parse(line(1, '{"id":"a","value":{'), end(2)).complete).toBe(false);
    expect(parse(line(1, '{"id":"a","value":}'), end(2))).toMatchObject({
      complete: false,
      cause: 'line 1 of the probe is not JSON',
    });
  });
  test('with two results for one attempt takes none of them', () => {
    expect(parse(line(1, { ...one, errno: 'EPERM' }), end(2)).observations).toEqual([
      { id: 'a', kind: 'read', notAttempted: 'the probe reported more than one result' },
    ]);
  });
  test('with a result of the wrong type has no result', () => {
    expect(parse(line(1, { id: 'a', kind: 'read', value: 'reached', errno: 7 }), end(2)).observations).toEqual([
      { id: 'a', kind: 'read' },
    ]);
  });
  test('that is nearly all forged lines, as many as are read, is read in a moment', () => {
    const forged = line(1, one, 'ee');
    const lines = Array.from({ length: Math.floor(logLimit / (forged.length + 1)) - 3 }, () => forged);
    expect(parse(...lines, line(1, one), end(2)).complete).toBe(true);
  });
});

describe('a line of the probe', () => {
  test('stands alone on its line', () => {
    for (const spoiled of [`x${line(1, one)}`, `${line(1, one)}x`, line(1, one).replace('cofferdam/1', 'cofferdam/2')])
      expect(parse(spoiled, end(2)).observations).toEqual([]);
  });
  test('has a number from 1 on, without zeros before it', () => {
    for (const seq of ['0', '01', '-1', '1.5', '9999999999'])
      expect(parse(line(1, one).replace(' 1 {', ` ${seq} {`), end(2)).observations).toEqual([]);
  });
  test.each(['null', '[]', '7', '"x"'])('that is %s is nothing', (json) =>
    expect(parse(line(1, json), end(2)).complete).toBe(false),
  );
  test.each([{ kind: 'read' }, { id: 7 }, { id: null }])('that is %j has no id', (raw) =>
    expect(parse(line(1, raw), end(2))).toEqual({
      observations: [],
      complete: false,
      cause: 'line 1 of the probe has no id',
    }),
  );
  test('tells what it has, each of its type', () => {
    const all = { id: 'a', kind: 'read', errno: 'EPERM', step: 'open', ms: 3 };
    expect(parse(line(1, all), end(2)).observations).toEqual([all]);
    const wrong = { id: 'a', kind: 7, errno: null, step: 7, ms: '3', value: 'x', notAttempted: {} };
    expect(parse(line(1, wrong), end(2)).observations).toEqual([{ id: 'a', kind: '' }]);
    expect(parse(line(1, { id: 'a', kind: 'k', notAttempted: 'why' }), end(2)).observations).toEqual([
      { id: 'a', kind: 'k', notAttempted: 'why' },
    ]);
    expect(parse(line(1, { id: 'a', kind: 'k', value: null }), end(2)).observations).toEqual([{ id: 'a', kind: 'k' }]);
  });
  test.each([
    { value: {}, errno: 'E' },
    { value: {}, notAttempted: 'w' },
    { errno: 'E', notAttempted: 'w' },
  ])('with %j tells two results, which are none', (results) =>
    expect(parse(line(1, { id: 'a', kind: 'k', ms: 1, ...results }), end(2)).observations).toEqual([
      { id: 'a', kind: 'k', ms: 1, notAttempted: 'the probe reported more than one result' },
    ]),
  );
});

describe('the last line', () => {
  test('counts those before it', () => {
    expect(parse(end(1))).toEqual({ observations: [], complete: true });
    expect(parse(line(1, one), line(2, { end: true, count: 2 }))).toMatchObject({
      complete: false,
      cause: "the probe's last line counts 2 lines, 1 came",
    });
    expect(parse(line(1, one), end(2), line(3, two))).toMatchObject({
      cause: "the probe's last line counts 1 lines, 2 came",
    });
  });
  test('says that it is the last, in so many words', () =>
    expect(parse(line(1, { end: 'true', count: 0 }))).toMatchObject({
      complete: false,
      cause: 'line 1 of the probe has no id',
    }));
});

test('of several lines that came twice, the first ends what is believed', () => {
  const other = { ...one, id: 'c' };
  const lines = [line(1, one), line(2, two), line(3, one), end(4)];
  expect(parse(...lines, line(3, other), line(2, other))).toMatchObject({
    observations: [one],
    cause: 'line 2 of the probe came twice, with different content',
  });
  expect(parse(...lines, line(2, other), line(3, other)).observations).toEqual([one]);
});

test('a line that came a third time as at first is as doubtful', () =>
  expect(parse(line(1, one), line(1, two), line(1, one), end(2)).observations).toEqual([]));
