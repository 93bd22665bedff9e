import { expect, test } from 'vitest';
import { ignoring } from './ignore.ts';
import type { Schema, Sequence } from './schema.ts';
import { emptySchema } from './schema.ts';

const named = (name: string) => ({ namespace: null, name }) as Sequence;
const schema: Schema = { ...emptySchema, sequences: ['a', 'pg_a', 'pg_\nb', 'pgxa', '𝕏'].map(named) };
const left = (...patterns: readonly string[]) => ignoring(patterns)(schema).sequences.map(({ name }) => name);

test('a star stands for anything, line breaks too', () => {
  expect(left('pg_*')).toEqual(['a', 'pgxa', '𝕏']);
  expect(left('*')).toEqual([]);
});

test('all else stands for itself', () => {
  expect(left('pg.a', 'a|pg_a', '[a]', '𝕏')).toEqual(['a', 'pg_a', 'pg_\nb', 'pgxa']);
  expect(left()).toHaveLength(5);
});
