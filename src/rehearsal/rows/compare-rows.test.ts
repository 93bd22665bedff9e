import { expect, test } from 'vitest';
import { defineSchema, table } from '../../schema/define-schema.ts';
import { refKey } from '../../schema/schema.ts';
import type { Claims } from './compare-rows.ts';
import { keptPart, lostRows, surviving } from './compare-rows.ts';

const before = defineSchema({
  tables: {
    user: table((t) => ({ id: t.integer().primaryKey(), name: t.text(), phone: t.text() })),
    note: table((t) => ({ id: t.integer().primaryKey() })),
  },
});
const without = defineSchema({
  tables: { user: table((t) => ({ id: t.integer().primaryKey(), name: t.text() })) },
});
const claims: Claims = { operations: [], text: '' };
const contents = (phone: string | null, notes: number) =>
  new Map(
    before.tables.map(({ namespace, name }) => {
      const rows = name === 'user' ? [{ id: 1, name: 'ann', phone }] : [{ id: 1 }].slice(0, notes);
      return [refKey({ namespace, name }), { count: rows.length, all: rows }] as const;
    }),
  );

test('what was kept is to be back, and of what was not nothing is expected', () => {
  const kept = ['values of user.phone', 'rows of note'];
  const lost = (part: typeof before) =>
    lostRows([part, before], [contents('1', 1), contents(null, 0)], claims);
  expect(lost(keptPart(before, kept))).toEqual([
    '1 of 1 rows of note are gone',
    'values of user.phone are not what they were, in 1 of 1 rows',
  ]);
  expect(lost(keptPart(before, []))).toEqual([]);
  expect(lost(surviving(before, without, claims))).toEqual([]);
});

test.each([
  [`await query('DELETE FROM note');`, []],
  [`await query("delete from \\"note\\"");`, []],
  ['await query(`DELETE FROM note`);', []],
  [`await db.deleteFrom('note').execute();`, []],
  [`await query('DELETE FROM notes');`, ['1 of 1 rows of note are gone']],
  [`await query('INSERT INTO note VALUES (2)');`, ['1 of 1 rows of note are gone']],
])('what code says it deletes is no loss, in whichever quotes: %s', (text, lost) => {
  const run: Claims = {
    operations: [
      {
        kind: 'run',
        run: { list: 'upgrade', index: 0, description: 'x', repeatable: false, inverse: null },
        effect: [],
      },
    ],
    text,
  };
  expect(lostRows([before, before], [contents('1', 1), contents('1', 0)], run)).toEqual(lost);
});

test('what a trigger writes when a row is changed is no loss', () => {
  const triggers = [
    { table: { namespace: null, name: 'user' }, name: 'touch', sql: 'CREATE TRIGGER touch … SET phone = 1' },
  ];
  const change: Claims = {
    operations: [
      { kind: 'execute', sql: `UPDATE "user" SET name = 'x'`, inverse: [], effect: [], transaction: true },
    ],
    text: '',
  };
  const lost = (schema: typeof before) =>
    lostRows([schema, schema], [contents('1', 1), contents('2', 1)], change);
  expect(lost({ ...before, triggers })).toEqual([]);
  expect(lost(before)).toEqual(['values of user.phone are not what they were, in 1 of 1 rows']);
});

test('a step may speak of a table under the name that it has meanwhile', () => {
  const operations: Claims['operations'] = [
    { kind: 'execute', sql: 'UPDATE people SET mobile = 1', inverse: [], effect: [], transaction: true },
  ];
  const people = { namespace: null, name: 'people' };
  const renames: Claims['operations'] = [
    { kind: 'renameTable', from: { namespace: null, name: 'user' }, to: people },
    { kind: 'renameColumn', table: people, from: 'phone', to: 'mobile' },
  ];
  const lost = (claims: Claims) =>
    lostRows([before, before], [contents('1', 1), contents('2', 1)], claims).length;
  expect(lost({ operations, text: '', renames })).toBe(0);
  expect(lost({ operations, text: '' })).toBe(1);
});
