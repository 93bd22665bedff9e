import { expect, test } from 'vitest';
import { foldArray } from './array-literal.ts';
import { expressionContext } from './expression.ts';
import { foldDefault } from './normalize-default.ts';
import { parseType } from './parse-type.ts';

const same = (text: string) => text;

test.each([
  ['{"sad","ok"}', '{sad,ok}'],
  ['{ a , "b,c" , "d\\"e", "" }', '{a,"b,c","d\\"e",""}'],
  ['{{1,2},{3,4}}', '{{1,2},{3,4}}'],
  ['{null,"null",NULL}', '{NULL,"null",NULL}'],
  ['{a b,c}', '{"a b",c}'],
  ['{}', '{}'],
  ['{a\\,b}', '{"a,b"}'],
  ['{"\\\\"}', '{"\\\\"}'],
  ['[2:3]={1,2}', '[2:3]={1,2}'],
  ['no array', 'no array'],
  ['{"open', '{"open'],
])('%s is printed as %s', (text, printed) => {
  expect(foldArray(text, same)).toBe(printed);
  expect(foldArray(printed, same)).toBe(printed);
});

const context = expressionContext({
  namespace: null,
  name: 't',
  columns: [],
  primaryKey: null,
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
  comment: null,
  options: {},
});

const folded = (value: string, type: string) =>
  foldDefault({ kind: 'literal', value }, parseType(type), context);

test('elements are folded as values of their type', () => {
  expect(folded('{true,"f"}', 'boolean[]')).toEqual({ kind: 'literal', value: '{t,f}' });
  expect(folded('{1.50,"2"}', 'numeric(8,2)[]')).toEqual({ kind: 'literal', value: '{1.5,2}' });
  expect(folded('{2024-01-01T00:00:00.000Z}', 'timestamp[]')).toEqual({
    kind: 'literal',
    value: '{"2024-01-01 00:00:00"}',
  });
});

test('a time of day with a zone has one', () => {
  expect(folded('10:20', 'timetz')).toEqual({ kind: 'literal', value: '10:20:00+00' });
  expect(folded('10:20:30.500', 'time(3)')).toEqual({ kind: 'literal', value: '10:20:30.5' });
});

test('names of types are quoted where they must be', () => {
  expect(parseType('"mood"[]')).toEqual({ kind: 'native', sql: 'mood[]' });
  expect(parseType('"shop"."Size"[]')).toEqual({ kind: 'native', sql: 'shop."Size"[]' });
  expect(parseType('"char"[]')).toEqual({ kind: 'native', sql: '"char"[]' });
});
