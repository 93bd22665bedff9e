import { expect, test } from 'vitest';
import { isSurefootError } from '../../kernel/errors.ts';
import { cellSql, literal, quote, quoteRef } from './quote.ts';
import { tokenize, unquoteName, unquoteString } from './tokens.ts';

test('identifiers', () => {
  expect(quote('a`b')).toBe('`a``b`');
  expect(quoteRef({ namespace: 'x', name: 'y.z' })).toBe('`x`.`y.z`');
  expect(unquoteName(quote('a`b'))).toBe('a`b');
  expect(quote('ü'.repeat(64))).toHaveLength(66);
});

test.each([
  ['x'.repeat(65), 'identifier/too-long'],
  ['', 'identifier/invalid'],
  ['a ', 'identifier/invalid'],
  ['a\0b', 'identifier/invalid'],
  ['party🎉', 'identifier/invalid'],
] as const)('refuses %j', (name, code) => {
  let thrown: unknown;
  try {
    quote(name);
  } catch (error) {
    thrown = error;
  }
  expect(isSurefootError(thrown, code)).toBe(true);
});

test.each(["it's", 'back\\slash', '"', 'new\nline', 'nul\0', '%_', '🎉', ''])(
  'literal %j reads back',
  (value) => {
    const [token, more] = tokenize(literal(value));
    expect(more).toBeUndefined();
    expect(unquoteString(token?.text ?? '')).toBe(value);
  },
);

test('values of rows', () => {
  expect([null, 5, true, { hex: '00ff' }, { json: { a: "'" } }].map(cellSql)).toEqual([
    'NULL',
    '5',
    '1',
    "x'00ff'",
    `'{"a":"''"}'`,
  ]);
});

test('tokens: comments are left out, executable comments are read', () => {
  const texts = (sql: string) => tokenize(sql).map((token) => token.text);
  expect(texts('a -- b\n# c\n/* d */ e--f')).toEqual(['a', 'e', '-', '-', 'f']);
  expect(texts('/*!40101 SET x=1 */')).toEqual(['SET', 'x', '=', '1']);
  expect(texts('\'a\\\'b\' `c``d` "e""f" 1.5e3')).toEqual(["'a\\'b'", '`c``d`', '"e""f"', '1.5e3']);
});
