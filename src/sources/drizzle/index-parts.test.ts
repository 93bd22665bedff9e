import { expect, test } from 'vitest';
import { plainPart } from '../../schema/schema.ts';
import { operatorClassOf, partOfPrefix, partOfText } from './index-parts.ts';

test.each([
  ['lower("name")', { sql: 'lower("name")' }],
  ['"age" desc', { sql: '"age"', descending: true }],
  ['"age" ASC NULLS FIRST', { sql: '"age"', nulls: 'first' }],
  ['(a + b) desc nulls last', { sql: '(a + b)', descending: true, nulls: 'last' }],
  ['"a" nulls first', { sql: '"a"', nulls: 'first' }],
  [
    'lower("a") varchar_pattern_ops desc',
    { sql: 'lower("a")', operatorClass: 'varchar_pattern_ops', descending: true },
  ],
  ['description', { sql: 'description' }],
  ['"desc"', { sql: '"desc"' }],
  ["('a desc')", { sql: "('a desc')" }],
] as const)('%s', (text, part) => {
  expect(partOfText(text)).toEqual({ ...plainPart, ...part });
});

test.each([
  ['`about`(20)', { column: 'about', length: 20 }],
  ['`a``b` (5) desc', { column: 'a`b', length: 5, descending: true }],
  ['(lower(`email`))', { sql: '(lower(`email`))' }],
  ['(`a` + 1)', { sql: '(`a` + 1)' }],
] as const)('%s, where a column may have a length', (text, part) => {
  expect(partOfPrefix(text)).toEqual({ ...plainPart, ...part });
});

test.each([
  ['text_ops', 'btree', null],
  ['int4_minmax_ops', 'brin', null],
  ['jsonb_ops', 'gin', null],
  ['jsonb_path_ops', 'gin', 'jsonb_path_ops'],
  ['inet_ops', 'btree', null],
  ['inet_ops', 'gist', 'inet_ops'],
  ['vector_l2_ops', 'hnsw', 'vector_l2_ops'],
  [undefined, 'btree', null],
] as const)('operator class %s with %s', (name, method, kept) => {
  expect(operatorClassOf(name, method)).toBe(kept);
});
