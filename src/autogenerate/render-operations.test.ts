import { describe, expect, it } from 'vitest';
import { between, codeOf, shop } from '../../test/support/rendered.ts';
import type { OperationBuilder } from '../revisions/operation-builder.ts';
import { sql, t } from '../schema/column-builder.ts';
import { defineSchema, table } from '../schema/define-schema.ts';
import { renderUpgrade } from './render-operations.ts';

function shopTable() {
  return table((t) => ({
    id: t.integer().identity().primaryKey(),
    email: t.varchar(120).notNull().unique(),
    fax: t.varchar(32),
  }));
}

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
