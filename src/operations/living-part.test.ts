import { expect, test } from 'vitest';
import { t } from '../schema/column-builder.ts';
import type { Check, Index, Table } from '../schema/schema.ts';
import { toIndex, toTable } from '../schema/table-builder.ts';
import { resolveDrop } from './living-part.ts';
import type { Operation } from './operation.ts';

const empty = toTable('t', { x: t.integer(), y: t.integer() });
const check = (name: string | null, sql: string): Check => ({ name, sql, valid: true });

/** The name that the drop of an unnamed part finds. */
function resolved(living: Partial<Table>, operation: Operation): string | undefined {
  const name = <T extends { readonly name: string | null }>(list: readonly T[]) =>
    list.map((one) => ({ ...one, name: one.name ?? 'given' }));
  const form = (table: Table): Table => ({
    ...table,
    checks: name(table.checks),
    indexes: name(table.indexes),
  });
  const found = resolveDrop(operation, { table: { ...empty, ...living }, form });
  return 'target' in found && 'name' in found.target ? found.target.name : undefined;
}

const found = (checks: readonly Check[], sql: string) =>
  resolved({ checks }, { kind: 'dropCheck', table: empty, target: { sql }, was: check(null, sql) });

test('of several about the same column, the one of the same words', () => {
  const list = [check('a', 'x > 0'), check('b', 'x is not null'), check('c', 'y > 0')];
  expect(found(list, 'NOT x IS NULL')).toBe('b');
  expect(found(list, 'x > 0')).toBe('a');
});

test('the only one about the same columns, however the server spells it', () => {
  expect(found([check('a', 'x >= 1 and x <= 5'), check('b', 'y > 0')], 'x BETWEEN 1 AND 5')).toBe('a');
});

test('where nothing tells them apart, none', () => {
  expect(found([check('a', 'x >= 1 and x <= 5'), check('b', 'x > 0')], 'x % 2 = 0')).toBeUndefined();
  expect(found([check('a', 'x > y'), check('b', 'y > x')], 'x  > y')).toBeUndefined();
  expect(found([check('a', 'x > y'), check('b', 'y > x')], 'y > x')).toBe('b');
});

test('of two that are alike, the one that bears the given name', () => {
  expect(found([check('a', 'x > 0'), check('given', 'x > 0')], 'x > 0')).toBe('given');
  expect(found([check('a', 'x > 0'), check('given', 'x > 1'), check('given_2', 'x > 0')], 'x > 0')).toBe(
    'given_2',
  );
});

test('what a server casts is found without its casts', () => {
  const list = [check('a', `"x" <> '-1'::integer`), check('b', '((("x")::integer % 2) = 0)')];
  expect(found(list, '"x" <> -1')).toBe('a');
  expect(found(list, '"x" % 2 = 0')).toBe('b');
  const times = [
    check('a', `x > '2020-01-01'::timestamp without time zone`),
    check('b', `(x)::character varying(20) <> ''`),
  ];
  expect(found(times, "x > '2020-01-01'")).toBe('a');
  expect(found(times, "x <> ''")).toBe('b');
});

test('what a server completes is found by what is done with it', () => {
  const list = [
    check('a', `((x >= '2020-01-01 00:00:00'::timestamp) AND (x <= '2021-01-01 00:00:00'::timestamp))`),
    check('b', `(x > '2020-01-01 00:00:00'::timestamp)`),
  ];
  expect(found(list, "x > '2020-01-01'")).toBe('b');
  expect(found(list, "x BETWEEN '2020-01-01' AND '2021-01-01'")).toBe('a');
  expect(found(list, "x < '2020-01-01'")).toBeUndefined();
});

test('strings count as they are', () => {
  expect(found([check('a', "x <> 'A'"), check('b', "x <> 'a'")], "(x <> 'a')")).toBe('b');
});

test('indexes over the same columns differ by the rest', () => {
  const index = (name: string | null, more: Partial<Index>): Index => ({ ...toIndex(['x']), ...more, name });
  const indexes = [
    index('plain', {}),
    index('partial', { where: '(y > 0)' }),
    index('unique', { unique: true }),
  ];
  const name = (more: Partial<Index>) =>
    resolved(
      { indexes },
      {
        kind: 'dropIndex',
        table: empty,
        target: { columns: ['x'] },
        was: index(null, more),
        concurrently: false,
      },
    );
  expect([name({}), name({ where: 'y > 0' }), name({ unique: true })]).toEqual([
    'plain',
    'partial',
    'unique',
  ]);
});
