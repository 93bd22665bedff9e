import { describe, expect, test } from 'vitest';
import { hostileReport, hostileTexts } from '../../test/report/hostile.ts';
import { block, inlineCode, plain, reportMarkdown } from './write-markdown.ts';

describe('text', () => {
  test.each([
    ['<b>', '\\<b\\>'],
    ['a|b', 'a\\|b'],
    ['![x](y)', '\\!\\[x\\](y)'],
    ['two\nlines', 'two lines'],
    ['\u202e', '\\\\u202e'],
  ])('%j is no markup', (text, wanted) => expect(plain(text)).toBe(wanted));

  test.each([
    ['a', '`a`'],
    ['`', '`` ` ``'],
    ['a``b', '``` a``b ```'],
    ['a|b', '`a\\|b`'],
    ['', '`  `'],
  ])('%j as code', (text, wanted) => expect(inlineCode(text)).toBe(wanted));

  test('a block ends where it should', () => {
    expect(block('sql', 'a\n```\nb')).toBe('````sql\na\n```\nb\n````');
  });
});

test('hostile names and messages keep to their lines and cells', () => {
  const text = reportMarkdown(hostileReport());
  expect(/[\u2028\u2029\u202e\u2066]/.test(text)).toBe(false);
  const rows = text.split('\n').filter((line) => line.startsWith('| applied'));
  expect(rows).toHaveLength(hostileTexts.length);
  for (const row of rows) expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(6);
  // Outside of code nothing is left that a browser would take for an element.
  const bare = text.replace(/(`+)[\s\S]*?\1/g, '').replace(/\\</g, '');
  expect(bare).not.toMatch(/<\w/);
});
