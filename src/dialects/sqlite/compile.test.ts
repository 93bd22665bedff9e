import { expect, test } from 'vitest';
import type { Operation } from '../../operations/operation.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import { emptySchema } from '../../schema/schema.ts';
import { createSqlite, defaultSqliteTraits } from './index.ts';

const dialect = createSqlite(defaultSqliteTraits);
const naming = (kind: string, table: { readonly name: string }, columns: readonly string[]) =>
  [kind, table.name, ...columns].join('_');

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: { kind: 'text' },
  nullable: true,
  default: null,
  onUpdate: null,
  identity: null,
  generated: null,
  collation: null,
  comment: null,
  ...more,
});

const table = (name: string): Table => ({
  namespace: null,
  name,
  columns: [column('id', { type: { kind: 'integer' } }), column('a'), column('b')],
  primaryKey: { name: null, columns: ['id'] },
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
  comment: null,
  options: {},
});

const before: Schema = { ...emptySchema, tables: [table('t'), table('u')] };
const t = { namespace: null, name: 't' };
const u = { namespace: null, name: 'u' };

const compile = (...operations: readonly Operation[]) => dialect.compile({ operations, before, naming });
const outline = (...operations: readonly Operation[]) =>
  compile(...operations).map(({ mode, statements }) => [
    mode,
    [...new Set(statements.map((one) => one.operation))],
  ]);

const check = (of: typeof t): Operation => ({
  kind: 'addCheck',
  table: of,
  check: { name: null, sql: 'a>b', valid: true },
});
const add: Operation = { kind: 'addColumn', table: t, column: column('c') };
const rename: Operation = { kind: 'renameColumn', table: t, from: 'a', to: 'z' };
const create: Operation = { kind: 'createTable', table: table('v') };
const rows: Operation = { kind: 'insertRows', table: t, rows: [{ a: 'x' }], key: null };

test('consecutive changes of one table share one rebuild', () => {
  const segments = compile(add, check(t), { ...add, column: column('d') });
  expect(segments.map(({ mode }) => mode)).toEqual(['rebuild']);
  const statements = segments.flatMap((segment) => segment.statements);
  expect(statements.filter(({ sql }) => sql.startsWith('CREATE TABLE'))).toHaveLength(1);
  expect(statements.every(({ operation }) => operation === 2)).toBe(true);
});

test('tables rebuilt one after the other share a segment, and new tables join it', () => {
  expect(outline(check(t), create, check(u))).toEqual([['rebuild', [0, 1, 2]]]);
  expect(outline(create, add)).toEqual([['transaction', [0, 1]]]);
});

test('data and renamings never stand in a rebuild', () => {
  expect(outline(check(t), rows, check(u))).toEqual([
    ['rebuild', [0]],
    ['transaction', [1]],
    ['rebuild', [2]],
  ]);
  expect(
    outline(rename, { ...check(t), check: { name: null, sql: 'z>b', valid: true } } as Operation),
  ).toEqual([
    ['transaction', [0]],
    ['rebuild', [1]],
  ]);
});

test('what must stand alone stands alone', () => {
  const vacuum: Operation = { kind: 'execute', sql: 'VACUUM', inverse: null, effect: [], transaction: false };
  expect(outline(add, vacuum, vacuum, rows)).toEqual([
    ['transaction', [0]],
    ['autocommit', [1]],
    ['autocommit', [2]],
    ['transaction', [3]],
  ]);
});

test('a change that SQLite has nothing for compiles to nothing', () => {
  const comment: Operation = { kind: 'setColumnComment', table: t, column: 'a', from: null, to: 'x' };
  const nothing: Operation = {
    kind: 'alterColumn',
    table: t,
    column: 'a',
    changes: { comment: 'x', onUpdate: 'now()' },
    was: null,
    using: null,
  };
  expect(compile(comment, nothing)).toEqual([]);
});

test('ALTER does what it can', () => {
  const [segment] = compile(add, rename, {
    kind: 'dropColumn',
    table: t,
    column: 'b',
    was: null,
    lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
  });
  expect(segment?.statements.map(({ sql, hazards }) => [sql, hazards.map(({ code }) => code)])).toEqual([
    ['ALTER TABLE "t" ADD COLUMN "c" TEXT', []],
    ['ALTER TABLE "t" RENAME COLUMN "a" TO "z"', []],
    ['ALTER TABLE "t" DROP COLUMN "b"', ['data-loss', 'table-rewrite']],
  ]);
});

test('rows are bound, chunked and told apart by their columns', () => {
  const many = Array.from({ length: 250 }, (_, id) => ({ id, a: id % 2 === 0 ? null : true }));
  const [segment] = compile({
    kind: 'insertRows',
    table: t,
    rows: [...many, { b: { hex: '00ff' } }],
    key: null,
  });
  expect(segment?.statements.map(({ parameters }) => parameters.length)).toEqual([200, 200, 100, 1]);
  expect(segment?.statements[3]?.parameters[0]).toEqual(Uint8Array.of(0, 255));
  const [deletion] = compile({ kind: 'deleteRows', table: t, rows: [{ id: 1, a: 'x' }], key: null });
  expect(deletion?.statements[0]).toMatchObject({
    sql: 'DELETE FROM "t" WHERE ("id" IS ?)',
    parameters: [1],
    kind: 'data',
  });
});

test('a table or target that is not there is a refusal', () => {
  const missing = expect.objectContaining({ code: 'operation/unknown-object' });
  expect(() => compile(check({ namespace: null, name: 'none' }))).toThrow(missing);
  expect(() => compile({ kind: 'dropCheck', table: t, target: { sql: 'a > 1' }, was: null })).toThrow(
    missing,
  );
  expect(() => compile({ kind: 'dropUnique', table: t, target: { name: 'x' }, was: null })).toThrow(missing);
});
