import { expect, test } from 'vitest';
import { tokenize, trimStatement } from './tokens.ts';

const texts = (sql: string) => tokenize(sql).map(({ text }) => text);

test('names in all quotes, strings, blobs, numbers, operators', () => {
  expect(texts(`a."b ""c"""+[d e]||\`f\`<>x'00'!='it''s' ->>'$' 1.5e-3 .5 0xFF 1_000 ?1 :p`)).toEqual([
    'a',
    '.',
    '"b ""c"""',
    '+',
    '[d e]',
    '||',
    '`f`',
    '<>',
    "x'00'",
    '!=',
    "'it''s'",
    '->>',
    "'$'",
    '1.5e-3',
    '.5',
    '0xFF',
    '1_000',
    '?1',
    ':p',
  ]);
  expect(tokenize('"a ""b""" [c] \'d\'\'e\'').map(({ value }) => value)).toEqual(['a "b"', 'c', "d'e"]);
});

test('comments are no tokens, also without an end', () => {
  expect(texts('a -- b\n c /* d; */ e /* f')).toEqual(['a', 'c', 'e']);
  expect(texts('\'-- no comment\' "/* nor this */"')).toHaveLength(2);
});

test('what is no SQL becomes symbols and never fails', () => {
  expect(texts("'open")).toEqual(["'", 'open']);
  expect(texts('')).toEqual([]);
  expect(texts('{}')).toEqual(['{', '}']);
});

test('places are those of the text', () => {
  const sql = '  naïve /* x */ "y"';
  for (const { start, end, text } of tokenize(sql)) expect(sql.slice(start, end)).toBe(text);
});

test('a statement is trimmed outside, never inside', () => {
  expect(trimStatement(' -- head\n SELECT 1  ;  -- one\n ; ')).toBe('SELECT 1');
  expect(trimStatement('SELECT /* kept */ 1;')).toBe('SELECT /* kept */ 1');
  expect(trimStatement(' ; ')).toBe('');
});
