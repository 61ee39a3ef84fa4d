import { expect, test } from 'vitest';
import { contained, defineCheck, exposed, onReference, read } from '../harness/check.ts';
import { sameContent } from '../harness/oracles.ts';
import { differences, renderDocs } from './render-docs.ts';

const check = defineCheck({
  id: 'some-suite/a-claim',
  claim: 'The pod reads <no> file | of the node.',
  because: 'It *must* not.',
  references: ['https://example.org/fact'],
  requirements: ['framework@1#2'],
  touch: 'read',
  subject: 'restricted',
  attempt: read('/proc/{name}'),
  reached: sameContent(),
  control: onReference('restricted'),
  expect: { 'shared-kernel': exposed('by design'), 'application-kernel': contained, 'guest-kernel': contained },
});

test('says what a check claims, tries and expects, without becoming markup', () => {
  const pages = renderDocs([check]);
  expect([...pages.keys()]).toEqual([
    'docs/checks/README.md',
    'docs/checks/some-suite.md',
    'docs/requirements.md',
    'docs/catalogue.json',
  ]);
  expect(pages.get('docs/checks/README.md')).toContain(
    '| [some-suite/a-claim](some-suite.md#a-claim) | The pod reads \\<no\\> file \\| of the node. | read |',
  );
  const page = pages.get('docs/checks/some-suite.md');
  expect(page).toContain('It \\*must\\* not.');
  expect(page).toContain('- Attempt: read /proc/{name}');
  expect(page).toContain('| shared-kernel | exposed: by design |');
  expect(JSON.parse(pages.get('docs/catalogue.json') ?? '')).toMatchObject([
    { id: 'some-suite/a-claim', attempts: ['read /proc/{name}'], expect: { 'guest-kernel': 'contained' } },
  ]);
});

test('tells where a page is stale, missing or of a suite that is gone', () => {
  const wanted = new Map([
    ['a', 'one\ntwo\n'],
    ['b', 'b'],
    ['same', 'x'],
  ]);
  const actual = new Map([
    ['a', 'one\n2\n'],
    ['b', undefined],
    ['same', 'x'],
    ['c', 'c'],
  ]);
  expect(differences(wanted, actual).map(({ what }) => what)).toEqual([
    'a:2: is stale\n  - 2\n  + two',
    'b: is missing',
    'c: there is no such suite any more',
  ]);
});
