import { describe, expect, it } from 'vitest';
import { diff } from '../diff/diff.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { completeAndApply } from '../operations/apply.ts';
import { handlers } from '../operations/handlers.ts';
import type { CellValue, Operation, OperationOf } from '../operations/operation.ts';
import { createBuilder } from '../revisions/builder.ts';
import type { OperationBuilder } from '../revisions/operation-builder.ts';
import { sql, t } from '../schema/column-builder.ts';
import { defineSchema, table } from '../schema/define-schema.ts';
import { openDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import { emptySchema } from '../schema/schema.ts';
import type { RenderOptions } from './render-operations.ts';
import { renderUpgrade } from './render-operations.ts';

function said(write: (op: OperationBuilder) => void): readonly Operation[] {
  const recording = createBuilder();
  write(recording.op);
  return recording.operations();
}

function recorded(body: string): readonly Operation[] {
  return said((op) => new Function('op', 't', 'sql', `'use strict';\n${body}`)(op, t, sql));
}

/** The code of the operations, after it was read back. */
function code(operations: readonly Operation[], options: Partial<RenderOptions> = {}): string {
  const { before = emptySchema } = options;
  const { body } = renderUpgrade(operations, { before, ...options });
  const completed = (list: readonly Operation[]) =>
    completeAndApply(list, openDraft(before)).map(canonicalJson).sort();
  expect(completed(recorded(body))).toEqual(completed(operations));
  return `\n${body}\n`;
}

const codeOf = (write: (op: OperationBuilder) => void, options?: Partial<RenderOptions>) =>
  code(said(write), options);

const between = (from: Schema, to: Schema, options: Partial<RenderOptions> = {}): string => {
  const { operations } = diff(from, to, { settle: () => 'different' });
  return `\n${renderUpgrade(operations, { before: from, ...options }).body}\n`;
};

const shop = defineSchema({
  tables: {
    customer: table((t) => ({
      id: t.integer().identity().primaryKey(),
      email: t.varchar(120).notNull().unique(),
      fax: t.varchar(32),
    })),
  },
});

describe('what a reviewer reads', () => {
  it('a new table, with what belongs to its columns at its columns', () => {
    const wanted = defineSchema({
      enums: { order_status: ['new', 'paid', 'sent'] },
      tables: {
        customer: shopTable(),
        order: table(
          (t) => ({
            id: t.bigint().identity({ mode: 'always' }).primaryKey('order_pkey'),
            customer_id: t.integer().notNull().references('customer', 'id', { onDelete: 'cascade' }).index(),
            status: t.enum('order_status', ['new', 'paid', 'sent']).notNull().default('new'),
            total: t.numeric(10, 2).notNull().check('total >= 0', 'ck_order_total'),
            vat: t.numeric(10, 2).generatedAs('total * 0.19'),
            note: t.text().comment("the customer's words"),
            placed_at: t.timestamptz().notNull().default(sql('CURRENT_TIMESTAMP')),
          }),
          {
            uniques: [['customer_id', 'placed_at']],
            indexes: [{ name: 'ix_order_open', columns: ['placed_at'], where: "status = 'new'" }],
            checks: [{ name: 'ck_order_paid', sql: "status <> 'paid' OR total > 0" }],
            comment: 'what customers bought',
          },
        ),
      },
    });
    expect(between(shop, wanted)).toMatchInlineSnapshot(`
      "
      op.createEnum('order_status', ['new', 'paid', 'sent']);

      op.createTable(
        'order',
        {
          id: t.bigint().identity({ mode: 'always' }).primaryKey('order_pkey'),
          customer_id: t
            .integer()
            .notNull()
            .references('customer', 'id', { onDelete: 'cascade' })
            .index(),
          status: t.enum('order_status', ['new', 'paid', 'sent']).notNull().default('new'),
          total: t.numeric(10, 2).notNull().check('total >= 0', 'ck_order_total'),
          vat: t.numeric(10, 2).generatedAs('total * 0.19'),
          note: t.text().comment("the customer's words"),
          placed_at: t.timestamptz().notNull().default(sql('CURRENT_TIMESTAMP')),
        },
        {
          uniques: [['customer_id', 'placed_at']],
          checks: [{ name: 'ck_order_paid', sql: "status <> 'paid' OR total > 0" }],
          indexes: [{ name: 'ix_order_open', columns: ['placed_at'], where: "status = 'new'" }],
          comment: 'what customers bought',
        },
      );
      "
    `);
  });

  it('columns that come, change and go', () => {
    const wanted = defineSchema({
      tables: {
        customer: table((t) => ({
          id: t.integer().identity().primaryKey(),
          email: t.varchar(255).notNull(),
          phone: t.varchar(32).unique('uq_customer_phone'),
          referrer_id: t.integer().references('customer', 'id', { onDelete: 'set-null' }).index(),
          tier: t.smallint().notNull().default(0).check('tier >= 0'),
        })),
      },
    });
    expect(between(shop, wanted)).toMatchInlineSnapshot(`
      "
      op.dropUnique('customer', { columns: ['email'] });
      op.addColumn('customer', 'phone', t.varchar(32).unique('uq_customer_phone'));
      op.addColumn('customer', 'referrer_id', t.integer().index());
      op.addColumn('customer', 'tier', t.smallint().notNull().default(0).check('tier >= 0'));
      op.alterColumn('customer', 'email', { type: t.varchar(255) });

      op.addForeignKey('customer', ['referrer_id'], {
        table: 'customer',
        columns: ['id'],
        onDelete: 'set-null',
      });

      op.dropColumn('customer', 'fax');
      "
    `);
    expect(between(wanted, shop)).toMatchInlineSnapshot(`
      "
      op.dropForeignKey('customer', { columns: ['referrer_id'] });
      op.dropCheck('customer', { sql: 'tier >= 0' });
      op.dropIndex('customer', { columns: ['referrer_id'] });
      op.dropUnique('customer', 'uq_customer_phone');
      op.addColumn('customer', 'fax', t.varchar(32));
      op.alterColumn('customer', 'email', { type: t.varchar(120) });
      op.addUnique('customer', ['email']);
      op.dropColumn('customer', 'tier');
      op.dropColumn('customer', 'referrer_id');
      op.dropColumn('customer', 'phone');
      "
    `);
  });

  it('views, triggers and routines as they read', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to be escaped
    const view = "SELECT id, email\nFROM customer\nWHERE email LIKE '%@example.com' AND `x` <> '${y}\\n'";
    const trigger =
      'CREATE TRIGGER customer_touched AFTER UPDATE ON customer\nBEGIN\n\tSELECT 1;\n\n  SELECT 2;\nEND';
    expect(
      codeOf((op) => {
        op.createFunction('touch', "CREATE FUNCTION touch() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
        op.createView('example_customer', view);
        op.createView('audit.totals', 'SELECT count(*) FROM customer', { materialized: true });
        op.createTrigger('customer', 'customer_touched', trigger);
        op.dropTrigger('customer', 'other');
        op.dropFunction('touch', { signature: 'integer, text' });
      }),
    ).toMatchInlineSnapshot(`
      "
      op.createFunction(
        'touch',
        "CREATE FUNCTION touch() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      );

      op.createView(
        'example_customer',
        \`SELECT id, email
      FROM customer
      WHERE email LIKE '%@example.com' AND \\\`x\\\` <> '\\\${y}\\\\n'\`,
      );

      op.createView('audit.totals', 'SELECT count(*) FROM customer', { materialized: true });

      op.createTrigger(
        'customer',
        'customer_touched',
        \`CREATE TRIGGER customer_touched AFTER UPDATE ON customer
      BEGIN
      	SELECT 1;

        SELECT 2;
      END\`,
      );

      op.dropTrigger('customer', 'other');

      op.dropFunction('touch', { signature: 'integer, text' });
      "
    `);
  });

  it('rows, raw SQL and preconditions', () => {
    expect(
      codeOf((op) => {
        op.assert('SELECT count(*) = 0 FROM customer WHERE email IS NULL', 'every customer has an email');
        op.insertRows('country', [
          { code: 'de', name: 'Deutschland' },
          { code: 'ci', name: "Côte d'Ivoire" },
        ]);
        op.insertRows('flag', [{ on: true }], { key: ['on'] });
        op.execute("UPDATE customer SET tier = 1 WHERE email LIKE '%@example.com'", { effect: 'none' });
        op.execute('CREATE EXTENSION citext', { inverse: 'DROP EXTENSION citext', transaction: false });
        op.execute('ALTER TABLE customer ADD COLUMN tier smallint', {
          inverse: ['ALTER TABLE customer DROP COLUMN tier', 'SELECT 1'],
          effect: (inner) => {
            inner.addColumn('customer', 'tier', t.smallint());
            inner.createIndex('customer', ['tier']);
          },
        });
      }),
    ).toMatchInlineSnapshot(`
      "
      op.assert(
        'SELECT count(*) = 0 FROM customer WHERE email IS NULL',
        'every customer has an email',
      );

      op.insertRows('country', [
        { code: 'de', name: 'Deutschland' },
        { code: 'ci', name: "Côte d'Ivoire" },
      ]);

      op.insertRows('flag', [{ on: true }], { key: ['on'] });

      op.execute("UPDATE customer SET tier = 1 WHERE email LIKE '%@example.com'", { effect: 'none' });
      op.execute('CREATE EXTENSION citext', { inverse: 'DROP EXTENSION citext', transaction: false });

      op.execute('ALTER TABLE customer ADD COLUMN tier smallint', {
        inverse: ['ALTER TABLE customer DROP COLUMN tier', 'SELECT 1'],
        effect: (op) => {
          op.addColumn('customer', 'tier', t.smallint());
          op.createIndex('customer', ['tier']);
        },
      });
      "
    `);
  });

  it('remarks stand above what they are about', () => {
    const comments = [
      { operation: null, text: 'Made by comparing schema.ts with history.' },
      {
        operation: 1,
        text: 'blocks-writes: the index is built while nobody can write, which takes long where the table has many rows.\nSay concurrently.',
      },
      { operation: 2, text: 'fax\u2028op.dropTable("x")' },
    ];
    const write = (op: OperationBuilder) => {
      op.addColumn('customer', 'phone', t.varchar(32));
      op.createIndex('customer', ['phone']);
      op.dropColumn('customer', 'fax');
      op.renameColumn('customer', 'email', 'mail');
    };
    expect(codeOf(write, { before: shop, comments })).toMatchInlineSnapshot(`
      "
      // Made by comparing schema.ts with history.

      // blocks-writes: the index is built while nobody can write, which takes long where the table
      // has many rows.
      // Say concurrently.
      op.addColumn('customer', 'phone', t.varchar(32).index());

      // fax
      // op.dropTable("x")
      op.dropColumn('customer', 'fax');

      op.renameColumn('customer', 'email', 'mail');
      "
    `);
  });

  it('nothing to do is nothing to read', () => {
    expect(renderUpgrade([], { before: shop })).toEqual({ imports: [], body: '' });
  });
});

function shopTable() {
  return table((t) => ({
    id: t.integer().identity().primaryKey(),
    email: t.varchar(120).notNull().unique(),
    fax: t.varchar(32),
  }));
}

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

describe('parts move to their new column', () => {
  const lines = (write: (op: OperationBuilder) => void) =>
    codeOf(write)
      .split('\n')
      .filter((line) => line !== '');

  it('over what is added beside them', () => {
    const write = (op: OperationBuilder) => {
      op.addColumn('a', 'x', t.integer());
      op.addColumn('b', 'y', t.integer());
      op.addForeignKey('a', ['x'], { table: 'c', columns: ['id'] });
      op.createIndex('b', ['y']);
    };
    expect(lines(write)).toEqual([
      "op.addColumn('a', 'x', t.integer().references('c', 'id'));",
      "op.addColumn('b', 'y', t.integer().index());",
    ]);
  });

  it('never over what a foreign key rests on', () => {
    const write = (op: OperationBuilder) => {
      op.addColumn('a', 'x', t.integer());
      op.addUnique('b', ['y']);
      op.addForeignKey('a', ['x'], { table: 'b', columns: ['y'] });
    };
    expect(lines(write)).toHaveLength(3);
  });

  it('never over rows, raw SQL, renames and what goes', () => {
    const between: readonly ((op: OperationBuilder) => void)[] = [
      (op) => op.insertRows('a', [{ x: 1 }]),
      (op) => op.execute('UPDATE a SET x = 1'),
      (op) => op.renameColumn('a', 'x', 'z'),
      (op) => op.dropIndex('a', 'ix_a_x'),
      (op) => op.alterColumn('a', 'x', { nullable: false }),
    ];
    for (const one of between) {
      const write = (op: OperationBuilder) => {
        op.addColumn('a', 'x', t.integer());
        one(op);
        op.createIndex('a', ['x'], { name: 'ix_a_x' });
      };
      expect(lines(write)).toHaveLength(3);
    }
  });

  it('one of a kind, and nothing that a column cannot say', () => {
    const write = (op: OperationBuilder) => {
      op.addColumn('a', 'x', t.integer());
      op.createIndex('a', ['x'], { where: 'x > 0' });
      op.createIndex('a', ['x'], { name: 'i' });
      op.createIndex('a', ['x'], { name: 'j' });
      op.addCheck('a', 'x > 0', { valid: false });
    };
    expect(lines(write)).toEqual([
      "op.addColumn('a', 'x', t.integer().index({ name: 'i' }));",
      "op.createIndex('a', ['x'], { where: 'x > 0' });",
      "op.createIndex('a', ['x'], { name: 'j' });",
      "op.addCheck('a', 'x > 0', { valid: false });",
    ]);
  });
});
