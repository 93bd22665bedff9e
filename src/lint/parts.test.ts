import { expect, test } from 'vitest';
import { inText, quoted, sqlName, sqlTable } from './parts.ts';

const syntax = {
  dollarQuotes: true,
  backslashEscapes: false,
  hashComments: false,
  nestedComments: true,
  doubleQuotedStrings: false,
  compoundBodies: false,
};

test('steps of a cure can be pasted, whatever the names are', () => {
  const postgres = { syntax };
  const mysql = { syntax: { ...syntax, doubleQuotedStrings: true } };
  expect(sqlName('mail', postgres)).toBe('mail');
  expect(sqlName('user', postgres)).toBe('"user"');
  expect(sqlName('a"b', postgres)).toBe('"a""b"');
  expect(sqlName('a`b', mysql)).toBe('`a``b`');
  expect(sqlTable({ namespace: 'shop', name: 'order' }, postgres)).toBe('shop."order"');
  expect(inText(`it's \\ so`)).toBe(String.raw`'it\'s \\ so'`);
  expect(quoted(['a', "b'"])).toBe(String.raw`'a', 'b\''`);
});
