import { expect, test } from 'vitest';
import { createMysql, defaultMariadbTraits, defaultMysqlTraits } from '../dialects/mysql/index.ts';
import { describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { t, toColumn } from '../schema/column-builder.ts';
import { defineSchema, table } from '../schema/define-schema.ts';
import { withSafeSequences } from './required-columns.ts';

const before = defineSchema({ tables: { person: table({ id: t.integer().primaryKey() }) } });
const person = { namespace: null, name: 'person' };
const added = (column: ReturnType<typeof t.varchar>): Operation => ({
  kind: 'addColumn',
  table: person,
  column: toColumn('code', column),
});
const uuid = () => t.varchar(40).default({ sql: 'uuid()' });
const steps = (operation: Operation, traits = defaultMysqlTraits) =>
  withSafeSequences([{ operation, notes: [] }], before, createMysql(traits)).map((one) => [
    describe(one.operation),
    one.notes.length,
  ]);

test('a default that differs from row to row, on a server that adds no column with it', () => {
  expect(steps(added(uuid().notNull()))).toEqual([
    ['add column person.code varchar(40)', 1],
    ['execute UPDATE `person` SET `code` = uuid() WHERE `code` IS NULL', 0],
    ['alter column person.code to default (uuid()), not null', 0],
  ]);
  expect(steps(added(uuid()))[2]).toEqual(['alter column person.code to default (uuid())', 0]);
});

test('the same where it is added, and any other default', () => {
  expect(steps(added(uuid().notNull()), defaultMariadbTraits)).toHaveLength(1);
  expect(steps(added(t.varchar(40).notNull().default({ sql: "(lower('X'))" })))).toHaveLength(1);
});
