// What a diff gives for tables and their parts, told in words. The laws for all schemas are in laws.test.ts.

import { describe, expect, test } from 'vitest';
import { local, schema, steps } from '../../test/support/diff-words.ts';
import { invertAll, describe as say } from '../operations/apply.ts';
import { sql } from '../schema/column-builder.ts';
import { table } from '../schema/define-schema.ts';
import { emptySchema } from '../schema/schema.ts';
import { diff } from './diff.ts';

describe('tables', () => {
  test('parents come before children, and references to what comes later are added when all are there', () => {
    const to = schema({
      a: table((t) => ({ id: t.integer().primaryKey(), b: t.integer().references('b', 'id') })),
      b: table((t) => ({ id: t.integer().primaryKey(), a: t.integer().references('a', 'id') })),
      child: table((t) => ({ id: t.integer().primaryKey(), z: t.integer().references('z', 'id') })),
      z: table((t) => ({ id: t.integer().primaryKey(), own: t.integer().references('z', 'id') })),
    });
    expect(steps(emptySchema, to)).toEqual([
      'create table b',
      'create table a',
      'create table z',
      'create table child',
      'add foreign key (a) of b to a (id)',
    ]);
    expect(steps(to, emptySchema)).toEqual([
      'drop foreign key (a) of b',
      'drop table child',
      'drop table z',
      'drop table a',
      'drop table b',
    ]);
  });

  test('a new table refers to one that only gets other columns at once', () => {
    const from = schema({ user: table((t) => ({ id: t.integer().primaryKey() })) });
    const to = schema({
      user: table((t) => ({ id: t.integer().primaryKey(), name: t.text() })),
      post: table((t) => ({ id: t.integer().primaryKey(), author: t.integer().references('user', 'id') })),
    });
    expect(steps(from, to)).toEqual(['create table post', 'add column user.name text']);
  });

  test('a new table waits for the key that it refers to', () => {
    const from = schema({ user: table((t) => ({ id: t.integer() })) });
    const to = schema({
      user: table((t) => ({ id: t.integer().primaryKey() })),
      post: table((t) => ({ id: t.integer().primaryKey(), author: t.integer().references('user', 'id') })),
    });
    expect(steps(from, to)).toEqual([
      'create table post',
      'add primary key (id) to user',
      'add foreign key (author) of post to user (id)',
    ]);
  });

  test('a name that moves to another table is free by then', () => {
    const columns = table((t) => ({ id: t.integer(), n: t.integer() }), {
      uniques: [{ name: 'by id', columns: ['id'] }],
      indexes: [{ name: 'by n', columns: ['n'] }],
    });
    expect(steps(schema({ old: columns }), schema({ new: columns }))).toEqual([
      'drop index by n of old',
      'drop unique by id of old',
      'create table new',
      'drop table old',
    ]);
  });

  test('options and comments: what no operation changes is said', () => {
    const plain = schema({ log: table((t) => ({ id: t.integer() }), { options: {} }) });
    const strict = schema({
      log: table((t) => ({ id: t.integer() }), { options: { strict: true }, comment: 'x' }),
    });
    const found = diff(plain, strict);
    expect(found.operations.map(say)).toEqual(['comment on log']);
    expect(found.inexpressible).toEqual([
      { object: 'table log', reason: 'its options are {} and cannot become {"strict":true}' },
    ]);
  });
});

describe('columns', () => {
  const user = (columns: Parameters<typeof table>[0]) => schema({ user: table(columns) });

  test('every member of a column is compared, and only what differs is changed', () => {
    const from = user((t) => ({ id: t.integer(), name: t.varchar(20).nullable().comment('old') }));
    const to = user((t) => ({
      id: t.integer().default(1),
      name: t.varchar(40).notNull().collate('C').comment('new'),
    }));
    const { operations } = diff(from, to);
    expect(operations).toEqual([
      {
        kind: 'alterColumn',
        table: local('user'),
        column: 'id',
        changes: { default: { kind: 'literal', value: 1 } },
        was: { default: null },
        using: null,
      },
      {
        kind: 'alterColumn',
        table: local('user'),
        column: 'name',
        changes: {
          type: { kind: 'varchar', length: 40 },
          nullable: false,
          collation: 'C',
          comment: 'new',
        },
        was: { type: { kind: 'varchar', length: 20 }, nullable: true, collation: null, comment: 'old' },
        using: null,
      },
    ]);
  });

  test('a comment alone has its own operation; the order of columns does not count', () => {
    const from = user((t) => ({ a: t.text(), b: t.text() }));
    const to = user((t) => ({ b: t.text().comment('said'), a: t.text() }));
    expect(diff(from, to).operations).toEqual([
      { kind: 'setColumnComment', table: local('user'), column: 'b', from: null, to: 'said' },
    ]);
  });

  test('what rests on a column goes before the column, and nothing is lost in silence', () => {
    const rest = {
      uniques: [['email']],
      checks: ["email <> ''"],
      indexes: [{ columns: [{ sql: 'lower(email)' }] }],
    };
    const from = schema({ user: table((t) => ({ id: t.integer(), email: t.text() }), rest) });
    const to = schema({ user: table((t) => ({ id: t.integer() })) });
    const { operations } = diff(from, to);
    expect(operations.map(say)).toEqual([
      "drop check (email <> '') of user",
      'drop index (lower(email)) of user',
      'drop unique (email) of user',
      'drop column user.email',
    ]);
    expect(operations.at(-1)).toMatchObject({
      lost: { uniques: [], checks: [], indexes: [], foreignKeys: [] },
    });
    expect(invertAll(operations)?.map(say)).toEqual([
      'add column user.email text',
      'add unique (email) to user',
      'create index on user (lower(email))',
      "add check (email <> '') to user",
    ]);
  });

  test('what is computed goes before what it is computed from changes', () => {
    const sum = (type: 'integer' | 'bigint', computed: boolean) => {
      const one = schema({
        cart: table((t) => ({ n: t[type](), ...(computed ? { twice: t.bigint() } : {}) })),
      });
      const [cart] = one.tables;
      const columns = cart?.columns.map((c) =>
        c.name === 'n' ? c : { ...c, generated: { sql: 'n * 2', stored: true } },
      );
      return { ...one, tables: cart && columns ? [{ ...cart, columns }] : [] };
    };
    expect(steps(sum('integer', true), sum('bigint', false))).toEqual([
      'drop column cart.twice',
      'alter column cart.n to bigint',
    ]);
  });

  test('a column of the name of a keyword takes nothing along that only says the keyword', () => {
    const from = schema({
      user: table((t) => ({ n: t.integer(), null: t.integer() }), { checks: ['n IS NOT NULL'] }),
    });
    const to = schema({ user: table((t) => ({ n: t.integer() }), { checks: ['n IS NOT NULL'] }) });
    expect(steps(from, to)).toEqual(['drop column user.null']);
  });

  test('the automatic column changes hands: the old one lets go first, the key changes in one go', () => {
    const from = user((t) => ({ id: t.integer().identity().primaryKey(), n: t.integer() }));
    const to = user((t) => ({ uid: t.bigint().identity().primaryKey(), n: t.integer() }));
    expect(steps(from, to)).toEqual([
      'alter column user.id to no identity',
      'add column user.uid bigint not null identity',
      'drop the primary key of user',
      'add primary key (uid) to user',
      'drop column user.id',
    ]);
  });

  test('a column that leaves the key is loosened after the key has gone', () => {
    const from = user((t) => ({ a: t.integer().primaryKey(), b: t.integer() }));
    const to = user((t) => ({ a: t.integer().nullable(), b: t.integer().primaryKey() }));
    expect(steps(from, to)).toEqual([
      'drop the primary key of user',
      'add primary key (b) to user',
      'alter column user.a to nullable',
    ]);
  });
});

describe('foreign keys', () => {
  const pair = (id: 'integer' | 'bigint', name?: string) =>
    schema({
      parent: table((t) => ({ id: t[id]() }), { primaryKey: { columns: ['id'], ...(name ? { name } : {}) } }),
      child: table((t) => ({ p: t[id]().references('parent', 'id') })),
    });

  test('step aside while the type of their columns changes', () => {
    expect(steps(pair('integer'), pair('bigint'))).toEqual([
      'drop foreign key (p) of child',
      'alter column child.p to bigint',
      'alter column parent.id to bigint',
      'add foreign key (p) of child to parent (id)',
    ]);
  });

  test('step aside while the key that they rest on changes', () => {
    expect(steps(pair('integer', 'one'), pair('integer', 'two'))).toEqual([
      'drop foreign key (p) of child',
      'drop the primary key of parent',
      'add primary key (id) to parent',
      'add foreign key (p) of child to parent (id)',
    ]);
  });

  test('stay where nothing of theirs changes', () => {
    const more = pair('integer');
    const to = {
      ...more,
      tables: more.tables.map((one) => ({
        ...one,
        comment: 'said',
        columns: one.columns.map((c) => ({ ...c, comment: 'x' })),
      })),
    };
    expect(steps(more, to).filter((one) => one.includes('foreign key'))).toEqual([]);
  });

  test('another action is another foreign key, not a text that a server might settle', () => {
    const child = (onUpdate: 'cascade' | 'restrict') =>
      schema({
        node: table((t) => ({
          id: t.integer().primaryKey(),
          up: t.integer().references('node', 'id', { onUpdate }),
        })),
      });
    const found = diff(child('cascade'), child('restrict'));
    expect(found.unsure).toEqual([]);
    expect(found.operations.map((one) => one.kind)).toEqual(['dropForeignKey', 'addForeignKey']);
  });
});

describe('names that nobody gave', () => {
  const indexed = (name: string | undefined, unique = false) =>
    schema({
      user: table((t) => ({ email: t.text() }), {
        indexes: [{ columns: ['email'], unique, ...(name ? { name } : {}) }],
      }),
    });

  test('an index is found by what it covers', () => {
    expect(steps(indexed('ix_user_email'), indexed(undefined))).toEqual([]);
    expect(steps(indexed(undefined), indexed('ix_user_email'))).toEqual([]);
  });

  test('two names are two indexes', () => {
    expect(steps(indexed('one'), indexed('two'))).toEqual([
      'drop index one of user',
      'create index two on user (email)',
    ]);
  });

  test('an unnamed thing never takes the place of a named one', () => {
    const from = schema({
      user: table((t) => ({ n: t.integer() }), { checks: [{ name: 'c', sql: 'n > 0' }] }),
    });
    const to = schema({
      user: table((t) => ({ n: t.integer() }), { checks: [{ sql: 'n > 0' }, { name: 'c', sql: 'n < 9' }] }),
    });
    expect(steps(from, to)).toEqual([
      'drop check c of user',
      'add check (n > 0) to user',
      'add check (n < 9) to user',
    ]);
  });
});

describe('texts', () => {
  const from = schema(
    {
      user: table((t) => ({ at: t.timestamp().default(sql('now()')), n: t.integer() }), {
        checks: [{ name: 'c', sql: 'n > 0' }],
        indexes: [{ name: 'i', columns: ['n'], where: 'n > 1' }],
      }),
    },
    { views: { v: 'SELECT n FROM user' } },
  );
  const to = schema(
    {
      user: table((t) => ({ at: t.timestamp().default(sql('CURRENT_TIMESTAMP')), n: t.integer() }), {
        checks: [{ name: 'c', sql: '(n > 0)' }],
        indexes: [{ name: 'i', columns: ['n'], where: '(n > 1)' }],
      }),
    },
    { views: { v: 'SELECT user.n FROM user' } },
  );

  test('that differ make pairs, and no operation', () => {
    const { operations, unsure } = diff(from, to);
    expect(operations).toEqual([]);
    expect(unsure.map(({ wanted, actual }) => [wanted.kind, wanted.name, actual.name])).toEqual([
      ['column', 'at', 'at'],
      ['check', 'c', 'c'],
      ['index', 'i', 'i'],
      ['view', '', ''],
    ]);
  });

  test('of what nobody named are compared with those that mention the same columns', () => {
    const checked = (...checks: readonly string[]) =>
      schema({ user: table((t) => ({ n: t.integer(), m: t.integer() }), { checks }) });
    const found = diff(checked('(n > 0)', '(m > 0)'), checked('m > 0', 'n > 0'));
    expect(found.operations).toEqual([]);
    expect(found.unsure.map(({ wanted, actual }) => [wanted.form, actual.form])).toMatchObject([
      [{ sql: 'm > 0' }, { sql: '(m > 0)' }],
      [{ sql: 'n > 0' }, { sql: '(n > 0)' }],
    ]);
    expect(steps(checked('n > 0'), checked('m > 0'))).toEqual([
      'drop check (n > 0) of user',
      'add check (m > 0) to user',
    ]);
  });

  test('are settled by who knows', () => {
    expect(diff(from, to, { settle: () => 'equal' })).toEqual({
      operations: [],
      unsure: [],
      inexpressible: [],
    });
    const settle = ({ wanted }: { readonly wanted: { readonly kind: string } }) =>
      wanted.kind === 'view' ? 'different' : 'equal';
    expect(steps(from, to, { settle })).toEqual(['drop view v', 'create view v']);
  });

  test('stay out of the way of what differs surely: a computed column is not made anew for its comment', () => {
    const column = (text: string, comment?: string) => {
      const one = schema({ cart: table((t) => ({ n: t.integer(), twice: t.integer().nullable() })) });
      const columns = one.tables[0]?.columns.map((c) =>
        c.name === 'n' ? c : { ...c, generated: { sql: text, stored: true }, comment: comment ?? null },
      );
      return { ...one, tables: one.tables.map((t) => ({ ...t, columns: columns ?? [] })) };
    };
    const { operations, unsure } = diff(column('(n * 2)'), column('n * 2', 'said'));
    expect(operations.map(say)).toEqual(['comment on cart.twice']);
    expect(unsure.map((pair) => pair.wanted.name)).toEqual(['twice']);
  });
});
