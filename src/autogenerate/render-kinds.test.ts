// Every kind of operation as code, and names and texts of every kind.

import { describe, expect, it } from 'vitest';
import { code, codeOf, said } from '../../test/support/rendered.ts';
import { handlers } from '../operations/handlers.ts';
import type { CellValue, Operation, OperationOf } from '../operations/operation.ts';
import { t } from '../schema/column-builder.ts';
import { defineSchema, table } from '../schema/define-schema.ts';
import { emptySchema } from '../schema/schema.ts';
import { renderUpgrade } from './render-operations.ts';

const ref = { namespace: null, name: 'user' };
const [column] = [{ name: 'a', ...t.integer().spec.column }];

const every: Readonly<Record<string, Operation>> = Object.fromEntries(
  said((op) => {
    op.createTable('user', { a: t.integer() });
    op.dropTable('user');
    op.renameTable('user', 'person');
    op.setTableComment('user', 'people');
    op.addColumn('user', 'a', t.integer());
    op.dropColumn('user', 'a');
    op.renameColumn('user', 'a', 'b');
    op.setColumnComment('user', 'a', null);
    op.alterColumn('user', 'a', { type: t.bigint(), default: null, nullable: false, comment: 'x' });
    op.createIndex('user', [{ column: 'a', descending: true, length: 3 }], { concurrently: true });
    op.dropIndex('user', { columns: ['a'] }, { concurrently: true });
    op.addPrimaryKey('user', ['a', 'b'], { name: 'pk' });
    op.dropPrimaryKey('user');
    op.addUnique('user', ['a'], { name: 'uq', nullsNotDistinct: true, deferrable: 'initially-deferred' });
    op.dropUnique('user', 'uq');
    op.addForeignKey('user', ['a'], { table: 'x.y', columns: ['b'], valid: false, onUpdate: 'restrict' });
    op.dropForeignKey('user', 'fk');
    op.addCheck('user', 'a > 0', { valid: false });
    op.dropCheck('user', { sql: 'a > 0' });
    op.validateConstraint('user', 'fk');
    op.createEnum('mood', ['sad', "it's"]);
    op.dropEnum('mood');
    op.addEnumValue('mood', 'ok', { after: 'sad' });
    op.createNamespace('n');
    op.dropNamespace('n');
    op.createView('v', 'SELECT 1');
    op.dropView('v');
    op.createTrigger('user', 'tr', 'CREATE TRIGGER tr');
    op.dropTrigger('user', 'tr');
    op.createProcedure('p', 'CREATE PROCEDURE p()', { signature: 'integer' });
    op.dropProcedure('p');
    op.createSequence('s', { increment: 2, cycle: true, maximum: 9 });
    op.dropSequence('s');
    op.execute('SELECT 1', { inverse: [] });
    op.insertRows('user', [{ a: 1 }, { a: { hex: 'ff' }, b: { json: { __proto: [1, null] } } }]);
    op.deleteRows('user', [{ a: null }], { key: ['a'] });
    op.backfill({
      table: 'user',
      set: { 'a"b': "'it''s' -- so", __proto: 'a' },
      where: 'a < 1',
      batch: 7,
      maxLag: null,
      inverse: { set: { a: 'NULL' } },
    });
    op.assert('SELECT 1', 'it holds');
  }).map((one) => [one.kind, one]),
);

describe('every kind of operation', () => {
  it.each(Object.entries(every))('%s says the same when it is read', (_, operation) => {
    const text = code([operation]);
    expect(text).not.toContain('op.add(');
  });

  it('is tried', () => {
    expect([...Object.keys(every), 'run'].sort()).toEqual(Object.keys(handlers).sort());
  });

  it('but for a data step, whose code is elsewhere', () => {
    const run: Operation = {
      kind: 'run',
      run: { list: 'upgrade', index: 0, description: 'fill names', repeatable: false, inverse: null },
      effect: [],
    };
    expect(() => renderUpgrade([run], { before: emptySchema })).toThrow(
      expect.objectContaining({ code: 'operation/not-writable', hint: expect.any(String) }),
    );
  });

  it('what no method says stands there as data', () => {
    const index = (where: string | null): OperationOf<'createIndex'>['index'] => ({
      ...{
        name: null,
        unique: false,
        where,
        method: null,
        include: [],
        nullsNotDistinct: false,
        valid: true,
      },
      parts: [
        {
          column: 'a',
          sql: null,
          descending: false,
          nulls: null,
          collation: null,
          operatorClass: null,
          length: null,
        },
      ],
    });
    const bare = defineSchema({ tables: { user: table({ a: t.integer() }) } });
    const before = {
      ...bare,
      tables: bare.tables.map((one) => ({ ...one, indexes: [index(null), index('a > 0')] })),
    };
    const drop = (was: ReturnType<typeof index>): Operation => ({
      ...{ kind: 'dropIndex', table: ref, target: { columns: ['a'] }, was, concurrently: false },
    });
    expect(code([drop(index(null))], { before })).toBe("\nop.dropIndex('user', { columns: ['a'] });\n");
    expect(code([drop(index('a > 0'))], { before })).toContain("op.add({\n  kind: 'dropIndex',");
  });
});

describe('hostile names and texts', () => {
  const names = [
    "it's",
    'say "so"',
    '`tick`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to be escaped
    '${x}',
    'a\\b',
    'line\nbreak',
    '\r',
    '\0',
    '__proto__',
    'constructor',
    'a.b',
    '.a',
    '',
    '用户',
    '🦶',
    '\ud800',
    '\u2028',
    '\u202e',
    '*/',
    '//',
    "');process.exit(1)//",
    'naïve',
    '0',
  ];

  it.each(names)('%j', (name) => {
    const named = { namespace: null, name };
    const within = { namespace: name, name: 'x.y' };
    const text = `${name}\n${name} ${'x'.repeat(40)}`;
    const row: Record<string, CellValue> = Object.fromEntries([[name, name] as const]);
    const built = codeOf((op) => {
      const columns = Object.fromEntries([[name, t.text().default(name).comment(text)] as const]);
      op.createTable(named, columns, { comment: name, options: Object.fromEntries([[name, name]]) });
      op.addColumn(within, name, t.enum(named, [name]).check(text, name).references(within, name));
      op.createView(named, text);
      op.createEnum(within, [name]);
      op.insertRows(named, [row]);
      op.execute(text);
      op.dropIndex(named, name);
    });
    expect(built).not.toContain('op.add(');
    // Nothing that would vanish, break a line or turn it around stands there as itself.
    expect(built).not.toMatch(/[\0\r\u2028\u202e]/);
    expect(built.isWellFormed()).toBe(true);
  });

  it('columns whose names are numbers keep their place', () => {
    const operations: readonly Operation[] = [
      {
        kind: 'createTable',
        table: {
          ...{
            ...ref,
            primaryKey: null,
            uniques: [],
            foreignKeys: [],
            checks: [],
            indexes: [],
            comment: null,
          },
          columns: [column, { ...column, name: '2' }, { ...column, name: '1' }].flatMap((one) => one ?? []),
          options: {},
        },
      },
    ];
    expect(code(operations)).toContain('op.add(');
  });
});

it('keys that hold nulls, and names of keys, are said', () => {
  const text = codeOf((op) => {
    op.createTable('a', { id: t.text().primaryKey('a_pkey').nullable() });
    op.createTable('b', { x: t.text().nullable(), y: t.text().notNull() }, { primaryKey: ['x', 'y'] });
    op.createTable('c', { x: t.text() }, { checks: [{ sql: 'x > 0 AND x < 9', valid: false }] });
  });
  expect(text).not.toContain('op.add(');
  expect(text).toContain("id: t.text().primaryKey('a_pkey').nullable(),");
});
