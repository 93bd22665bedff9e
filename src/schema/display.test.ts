import { describe, expect, test } from 'vitest';
import { displayForm } from './display.ts';
import type { PartKind } from './parts.ts';
import { schemaParts } from './parts.ts';
import type { Column, ForeignKey, Index, IndexPart, Schema, Table } from './schema.ts';
import { emptySchema } from './schema.ts';

const column: Column = {
  name: 'email',
  type: { kind: 'varchar', length: 120 },
  nullable: true,
  default: null,
  onUpdate: null,
  identity: null,
  generated: null,
  collation: null,
  comment: null,
};
const part: IndexPart = {
  column: 'email',
  sql: null,
  descending: false,
  nulls: null,
  collation: null,
  operatorClass: null,
  length: null,
};
const index: Index = {
  name: 'ix',
  parts: [part],
  unique: false,
  where: null,
  method: null,
  include: [],
  nullsNotDistinct: false,
  valid: true,
};
const key: ForeignKey = {
  name: null,
  columns: ['a', 'b'],
  references: { table: { namespace: 's', name: 'other' }, columns: ['c', 'd'] },
  onDelete: 'no-action',
  onUpdate: 'no-action',
  deferrable: 'no',
  valid: true,
};
const empty: Table = {
  namespace: null,
  name: 'user',
  columns: [],
  primaryKey: null,
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
  comment: null,
  options: {},
};

/** The part of that kind, in words. */
function said(kind: PartKind, given: Partial<Table> | Partial<Schema>): string {
  const schema = { ...emptySchema, tables: [{ ...empty, ...given }], ...given };
  const found = schemaParts(schema).find((one) => one.kind === kind);
  return displayForm(found ?? null);
}

describe('each part in words', () => {
  test.each([
    ['table', {}, 'table'],
    [
      'table',
      { options: { engine: 'InnoDB', strict: true, fill: 70 } },
      `table with { engine: 'InnoDB', strict: true, fill: 70 }`,
    ],
    ['comment', { comment: "it's" }, `comment 'it''s'`],
    ['column', { columns: [column] }, 'varchar(120)'],
    ['primary-key', { primaryKey: { name: null, columns: ['id'] } }, 'primary key (id)'],
    ['primary-key', { primaryKey: { name: 'pk', columns: ['a', 'b'] } }, 'primary key pk (a, b)'],
    [
      'unique',
      { uniques: [{ name: 'u', columns: ['email'], nullsNotDistinct: false, deferrable: 'no' }] },
      'unique (email)',
    ],
    [
      'unique',
      {
        uniques: [
          { name: 'u', columns: ['a', 'b'], nullsNotDistinct: true, deferrable: 'initially-deferred' },
        ],
      },
      'unique (a, b) nulls not distinct deferrable initially deferred',
    ],
    ['foreign-key', { foreignKeys: [key] }, 'foreign key (a, b) references s.other (c, d)'],
    [
      'foreign-key',
      {
        foreignKeys: [
          {
            ...key,
            onDelete: 'cascade',
            onUpdate: 'set-null',
            deferrable: 'initially-immediate',
            valid: false,
          },
        ],
      },
      'foreign key (a, b) references s.other (c, d) on delete cascade on update set null deferrable initially immediate, not valid',
    ],
    ['check', { checks: [{ name: null, sql: 'x > 0', valid: true }] }, 'check (x > 0)'],
    ['check', { checks: [{ name: null, sql: 'x > 0', valid: false }] }, 'check (x > 0), not valid'],
    ['index', { indexes: [index] }, 'index (email)'],
    ['index', { indexes: [{ ...index, unique: true }] }, 'unique index (email)'],
    [
      'index',
      {
        indexes: [
          {
            ...index,
            parts: [
              { ...part, descending: true, nulls: 'last', collation: 'C', operatorClass: 'text_ops' },
              { ...part, column: null, sql: 'lower(name)' },
              { ...part, length: 10 },
            ],
            unique: true,
            where: 'deleted = 0',
            method: 'gin',
            include: ['id', 'n'],
            nullsNotDistinct: true,
            valid: false,
          },
        ],
      },
      'unique index (email collate C text_ops desc nulls last, (lower(name)), email(10)) using gin include (id, n) nulls not distinct where deleted = 0, not valid',
    ],
    ['namespace', { namespaces: ['s'] }, 'namespace'],
    ['enum', { enums: [{ namespace: null, name: 'e', values: ['a', "b'"] }] }, `enum ('a', 'b''')`],
    [
      'sequence',
      {
        sequences: [
          { namespace: null, name: 's', start: 1, increment: 2, minimum: null, maximum: 9, cycle: true },
        ],
      },
      'sequence start 1 increment 2 maximum 9 cycle',
    ],
    [
      'view',
      { views: [{ namespace: null, name: 'v', sql: 'SELECT 1', materialized: true }] },
      'materialized view as SELECT 1',
    ],
    [
      'routine',
      {
        routines: [
          { namespace: null, name: 'f', kind: 'function', signature: '', sql: 'CREATE FUNCTION f …' },
        ],
      },
      'CREATE FUNCTION f …',
    ],
    [
      'trigger',
      { triggers: [{ table: { namespace: null, name: 'user' }, name: 't', sql: 'CREATE TRIGGER t …' }] },
      'CREATE TRIGGER t …',
    ],
  ] as const)('%s %j', (kind, given, words) => {
    expect(said(kind, given)).toBe(words);
  });

  test('what is not there', () => {
    expect(displayForm(null)).toBe('not there');
  });
});

describe('what differs reads differently', () => {
  const identity = { mode: 'by-default', start: null, increment: null } as const;
  const columns: readonly Column[] = [
    column,
    { ...column, type: { kind: 'varchar', length: 121 } },
    { ...column, type: { kind: 'timestamp', zone: false, precision: null } },
    { ...column, type: { kind: 'timestamp', zone: true, precision: null } },
    { ...column, type: { kind: 'timestamp', zone: true, precision: 3 } },
    { ...column, type: { kind: 'enum', namespace: null, name: null, values: ['a', 'b'] } },
    { ...column, type: { kind: 'enum', namespace: null, name: null, values: ["a', 'b"] } },
    { ...column, type: { kind: 'enum', namespace: null, name: 'e', values: ['a'] } },
    { ...column, type: { kind: 'enum', namespace: null, name: 'e', values: ['a', 'b'] } },
    { ...column, nullable: false },
    { ...column, default: { kind: 'literal', value: 1 } },
    { ...column, default: { kind: 'literal', value: '1' } },
    { ...column, default: { kind: 'expression', sql: '1' } },
    { ...column, identity },
    { ...column, identity: { ...identity, mode: 'always' } },
    { ...column, identity: { ...identity, start: 5 } },
    { ...column, identity: { ...identity, increment: 5 } },
    { ...column, generated: { sql: 'a', stored: false } },
    { ...column, generated: { sql: 'a', stored: true } },
    { ...column, collation: 'C' },
    { ...column, comment: '' },
    { ...column, comment: 'C' },
    { ...column, onUpdate: 'now()' },
  ];
  const indexes: readonly Index[] = [
    index,
    ...[
      { column: null, sql: 'email' },
      { descending: true },
      { nulls: 'first' as const },
      { collation: 'x' },
      { operatorClass: 'x' },
      { length: 1 },
    ].map((more) => ({ ...index, parts: [{ ...part, ...more }] })),
    { ...index, unique: true },
    { ...index, where: 'a' },
    { ...index, method: 'a' },
    { ...index, include: ['a'] },
    { ...index, nullsNotDistinct: true },
    { ...index, valid: false },
  ];
  test.each([
    ['columns', columns.map((one) => said('column', { columns: [one] }))],
    ['indexes', indexes.map((one) => said('index', { indexes: [one] }))],
  ])('%s', (_, texts) => {
    expect(new Set(texts).size).toBe(texts.length);
  });
});
