import { expect, test } from 'vitest';
import { defineSchema, table } from '../../schema/define-schema.ts';
import { refKey } from '../../schema/schema.ts';
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
const claims = { operations: [], text: '' };
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
