import { expect, test } from 'vitest';
import { arbitraryPair, everything } from '../../test/support/arbitrary-schema.ts';
import { fc, lawRuns } from '../../test/support/laws.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { emptySchema } from '../schema/schema.ts';
import { withoutAlike } from './alike.ts';
import type { Difference } from './compare.ts';
import { compareSchemas, compareTaken } from './compare.ts';

const runs = { numRuns: lawRuns(100) };

const words = (differences: readonly Difference[]) =>
  differences.map(({ kind, wanted, actual }) => [kind, wanted?.key, actual?.key]);

/** The same in another order and, here and there, without the names of constraints. */
function asReadBack(schema: Schema): Schema {
  const unnamed = <T extends { readonly name: string | null }>(list: readonly T[]): readonly T[] =>
    list.map((one, i) => (i % 2 === 0 ? { ...one, name: null } : one)).toReversed();
  const table = (one: Table): Table => ({
    ...one,
    columns: one.columns.toReversed(),
    primaryKey: one.primaryKey && { ...one.primaryKey, name: null },
    uniques: unnamed(one.uniques),
    foreignKeys: unnamed(one.foreignKeys),
    checks: unnamed(one.checks),
    indexes: unnamed(one.indexes),
  });
  return { ...schema, tables: schema.tables.map(table) };
}

test('leaving out what is alike changes no comparison', () => {
  fc.assert(
    fc.property(arbitraryPair(everything), ([a, b]) => {
      expect(words(compareSchemas(a, b))).toEqual(words(compareTaken(a, b)));
      const back = asReadBack(a);
      expect(words(compareSchemas(a, back))).toEqual(words(compareTaken(a, back)));
      expect(words(compareSchemas(back, b))).toEqual(words(compareTaken(back, b)));
      expect(words(compareSchemas(back, structuredClone(back)))).toEqual([]);
    }),
    runs,
  );
});

test('what the server named is alike to what its author did not name', () => {
  const key = { columns: ['a'], nullsNotDistinct: false, deferrable: 'no' } as const;
  const one: Table = {
    ...{ namespace: null, name: 't', columns: [], foreignKeys: [], checks: [], indexes: [] },
    ...{ comment: null, options: {}, primaryKey: { name: null, columns: ['id'] } },
    uniques: [
      { ...key, name: null },
      { ...key, name: 'k', columns: ['b'] },
    ],
  };
  const other: Table = {
    ...one,
    primaryKey: { name: 't_pkey', columns: ['id'] },
    uniques: [
      { ...key, name: 'k', columns: ['b'] },
      { ...key, name: 't_a_key' },
    ],
  };
  const left = (a: Table, b: Table) =>
    withoutAlike({ ...emptySchema, tables: [a] }, { ...emptySchema, tables: [b] })[0].tables.length;
  expect(left(one, other)).toBe(0);
  expect(left(other, one)).toBe(0);
  expect(left(one, { ...other, uniques: other.uniques.slice(1) })).toBe(1);
  expect(left(other, { ...other, primaryKey: { name: 'pk', columns: ['id'] } })).toBe(1);
});
