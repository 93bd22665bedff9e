import { expect, test } from 'vitest';
import { postgresAffected, postgresReader } from './postgres-values.ts';

const textArray = postgresReader(1009);

test.each([
  ['{}', []],
  ['{a,b}', ['a', 'b']],
  ['{"a,b","c\\"d","e\\\\f","{}",""}', ['a,b', 'c"d', 'e\\f', '{}', '']],
  ['{NULL,"NULL",null}', [null, 'NULL', null]],
  ['{"line\nbreak",__proto__,ü}', ['line\nbreak', '__proto__', 'ü']],
  [
    '{{a,b},{c,NULL}}',
    [
      ['a', 'b'],
      ['c', null],
    ],
  ],
  ['[2:3]={a,b}', ['a', 'b']],
  ['{a b}', ['a b']],
])('the text array %s', (text, expected) => {
  expect(textArray(text)).toEqual(expected);
});

test('arrays of numbers and of booleans', () => {
  expect(postgresReader(1007)('{1,-2,NULL}')).toEqual([1, -2, null]);
  expect(postgresReader(1000)('{t,f}')).toEqual([true, false]);
});

test('what JavaScript would lose stays text', () => {
  expect(postgresReader(20)('9007199254740993')).toBe('9007199254740993');
  expect(postgresReader(1700)('1.10')).toBe('1.10');
  expect(postgresReader(3802)('{"a": 1}')).toBe('{"a": 1}');
  expect(postgresReader(1184)('infinity')).toBe('infinity');
  expect(postgresReader(99_999)('(1,2)')).toBe('(1,2)');
});

test('rows are counted only for statements that write', () => {
  expect(postgresAffected('UPDATE', 3)).toBe(3);
  expect(postgresAffected('SELECT', 3)).toBeNull();
  expect(postgresAffected('CREATE', null)).toBeNull();
});
