import { expect, test } from 'vitest';
import type { Naming } from '../dialect/dialect.ts';
import { namingOf } from './naming.ts';

const usual: Naming = (kind) => `usual ${kind}`;
const table = { namespace: null, name: '$& {columns}' };

test('patterns name what they cover, the rest is named as usual', () => {
  const naming = namingOf({ index: 'i_{table}_{columns}_{other}' }, usual);
  expect(naming('index', table, ['a', '$1'])).toBe('i_$& {columns}_a_$1_{other}');
  expect(naming('unique', table, ['a'])).toBe('usual unique');
});

test('a function names everything; nothing is as usual', () => {
  expect(namingOf((kind) => `own ${kind}`, usual)('check', table, [])).toBe('own check');
  expect(namingOf(null, usual)('check', table, [])).toBe('usual check');
});
