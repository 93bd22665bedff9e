// What a diff gives in single cases, told in words. The laws for all schemas are in laws.test.ts.

import { describe, expect, test } from 'vitest';
import { invertAll, describe as say } from '../operations/apply.ts';
import { sql } from '../schema/column-builder.ts';
import type { SchemaDefinition } from '../schema/define-schema.ts';
import { defineSchema, table } from '../schema/define-schema.ts';
import type { Schema, Trigger, View } from '../schema/schema.ts';
import { emptySchema } from '../schema/schema.ts';
import type { DiffOptions } from './diff.ts';
import { diff } from './diff.ts';

type Tables = SchemaDefinition['tables'];

const schema = (tables: Tables, rest: Omit<SchemaDefinition, 'tables'> = {}): Schema =>
  defineSchema({ tables, ...rest });

/** The operations in words, one a line. */
function steps(from: Schema, to: Schema, options?: DiffOptions): readonly string[] {
  return diff(from, to, options).operations.map(say);
}

const local = (name: string) => ({ namespace: null, name });

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

describe('enums and sequences', () => {
  const moods = (values: readonly string[], used: boolean) =>
    schema(
      {
        person: table((t) => ({ id: t.integer(), ...(used ? { mood: t.enum('mood', values) } : {}) })),
      },
      { enums: { mood: values } },
    );

  test('values are added beside their neighbours', () => {
    expect(diff(moods(['b', 'd'], true), moods(['a', 'b', 'c', 'd', 'e'], true)).operations).toEqual([
      { kind: 'addEnumValue', enum: local('mood'), value: 'a', before: 'b', after: null },
      { kind: 'addEnumValue', enum: local('mood'), value: 'c', before: null, after: 'b' },
      { kind: 'addEnumValue', enum: local('mood'), value: 'e', before: null, after: 'd' },
    ]);
  });

  test('values that go: no operation while columns hold them', () => {
    const found = diff(moods(['a', 'b'], true), moods(['b'], true));
    expect(found.operations).toEqual([]);
    expect(found.inexpressible).toEqual([
      {
        object: 'enum mood',
        reason: 'values that columns may hold cannot be taken away from an enum, nor moved',
      },
    ]);
  });

  test('values that go or move: made anew before the first use, or after the last', () => {
    expect(steps(moods(['a', 'b'], false), moods(['b', 'a'], true))).toEqual([
      'drop enum mood',
      'create enum mood (b, a)',
      'add column person.mood enum mood',
    ]);
    expect(steps(moods(['a', 'b'], true), moods(['b'], false))).toEqual([
      'drop column person.mood',
      'drop enum mood',
      'create enum mood (b)',
    ]);
  });

  test('a sequence that columns count with is left alone', () => {
    const counted = (increment: number, value: string) =>
      schema(
        { ticket: table((t) => ({ n: t.integer().default(sql(value)) })) },
        {
          sequences: [
            { ...local('ticket_n'), start: 1, increment, minimum: null, maximum: null, cycle: false },
          ],
        },
      );
    expect(diff(counted(1, "nextval('x')"), counted(2, "nextval('x')")).operations.map(say)).toEqual([
      'drop sequence ticket_n',
      'create sequence ticket_n',
    ]);
    const used = 'next value for ticket_n';
    expect(diff(counted(1, used), counted(2, used)).inexpressible.map((one) => one.object)).toEqual([
      'sequence ticket_n',
    ]);
  });
});

describe('views, routines, triggers', () => {
  const different: DiffOptions = { settle: () => 'different' };
  const base = { user: table((t) => ({ id: t.integer() })) };
  const view = (name: string, text: string, materialized = false): View => ({
    ...local(name),
    sql: text,
    materialized,
  });
  const trigger = (name: string, text: string): Trigger => ({ table: local('user'), name, sql: text });

  test('views are made in the order in which they read each other', () => {
    const to = schema(base, {
      views: { a: 'SELECT * FROM c', b: 'SELECT * FROM user', c: 'SELECT * FROM b' },
    });
    const from = schema(base);
    expect(steps(from, to)).toEqual(['create view b', 'create view c', 'create view a']);
    expect(steps(to, from)).toEqual(['drop view a', 'drop view c', 'drop view b']);
  });

  test('what reads a view that changes goes with it and comes back', () => {
    const from = { ...schema(base), views: [view('a', 'SELECT * FROM b'), view('b', 'SELECT 1', true)] };
    const to = { ...schema(base), views: [view('a', 'SELECT * FROM b'), view('b', 'SELECT 1', false)] };
    expect(steps(from, to)).toEqual(['drop view a', 'drop view b', 'create view b', 'create view a']);
  });

  test('triggers go with the routine that they call', () => {
    const routine = (text: string) => [
      { ...local('note'), kind: 'function' as const, signature: '', sql: text },
    ];
    const triggers = [
      trigger('t', 'CREATE TRIGGER t … EXECUTE FUNCTION note()'),
      trigger('u', 'CREATE TRIGGER u …'),
    ];
    const from = schema(base, { routines: routine('one'), triggers });
    const to = schema(base, { routines: routine('two'), triggers });
    expect(steps(from, to)).toEqual([]);
    expect(steps(from, to, different)).toEqual([
      'drop trigger t on user',
      'drop function note',
      'create function note',
      'create trigger t on user',
    ]);
  });

  test('a routine that a default calls is there before, and goes after', () => {
    const from = schema({ user: table((t) => ({ id: t.integer() })) });
    const to = schema(
      { user: table((t) => ({ id: t.integer(), key: t.text().default(sql('new_key()')) })) },
      { routines: [{ ...local('new_key'), kind: 'function', signature: '', sql: '…' }] },
    );
    expect(steps(from, to).map((one) => one.split(' ').slice(0, 3).join(' '))).toEqual([
      'create function new_key',
      'add column user.key',
    ]);
    expect(steps(to, from)).toEqual(['drop column user.key', 'drop function new_key']);
  });

  test('triggers of a table that goes are dropped by name', () => {
    const from = schema(base, { triggers: [trigger('t', '…')] });
    const { operations } = diff(from, emptySchema);
    expect(operations.map(say)).toEqual(['drop trigger t on user', 'drop table user']);
    expect(invertAll(operations)?.map(say)).toEqual(['create table user', 'create trigger t on user']);
  });
});

describe('namespaces', () => {
  test('are there before what is in them', () => {
    const to = schema({ 'sales.order': table((t) => ({ id: t.integer() })) });
    expect(steps(emptySchema, to)).toEqual(['create namespace sales', 'create table sales.order']);
    expect(steps(to, emptySchema)).toEqual(['drop table sales.order', 'drop namespace sales']);
  });
});

describe('renames', () => {
  const person = (name: string, column: string) =>
    schema({
      [name]: table((t) => ({ id: t.integer().primaryKey(), [column]: t.text() }), {
        checks: [{ name: 'c', sql: `"${column}" <> ''` }],
        indexes: [{ columns: [column] }],
      }),
      post: table((t) => ({ by: t.integer().references(name, 'id') })),
    });

  test('without them, one thing goes and another comes', () => {
    expect(
      steps(person('person', 'name'), person('person', 'title')).filter((one) => one.includes('column')),
    ).toEqual(['add column person.title text', 'drop column person.name']);
  });

  test('what refers to a renamed thing follows it', () => {
    const renames = {
      tables: [{ from: local('person'), to: local('member') }],
      columns: [{ table: local('member'), from: 'name', to: 'title' }],
    };
    expect(steps(person('person', 'name'), person('member', 'title'), { renames })).toEqual([
      'rename table person to member',
      'rename column member.name to title',
    ]);
  });

  test('what else changes is dropped under the old name and made under the new one', () => {
    const from = schema({
      a: table((t) => ({ x: t.integer() }), { uniques: [{ name: 'u', columns: ['x'] }] }),
    });
    const to = schema({ b: table((t) => ({ y: t.bigint() }), { indexes: [{ name: 'i', columns: ['y'] }] }) });
    const renames = {
      tables: [{ from: local('a'), to: local('b') }],
      columns: [{ table: local('b'), from: 'x', to: 'y' }],
    };
    expect(steps(from, to, { renames })).toEqual([
      'drop unique u of a',
      'rename table a to b',
      'rename column b.x to y',
      'alter column b.y to bigint',
      'create index i on b (y)',
    ]);
  });

  test('names change places over one that is free', () => {
    const pair = (a: string, b: string) => schema({ t: table((t) => ({ [a]: t.integer(), [b]: t.text() })) });
    const renames = {
      tables: [],
      columns: [
        { table: local('t'), from: 'a', to: 'b' },
        { table: local('t'), from: 'b', to: 'a' },
      ],
    };
    expect(steps(pair('a', 'b'), pair('b', 'a'), { renames })).toEqual([
      'rename column t.a to surefoot_rename_1',
      'rename column t.b to a',
      'rename column t.surefoot_rename_1 to b',
    ]);
  });

  test('what stands in the way goes first, with what rests on it', () => {
    const from = schema({
      a: table((t) => ({ id: t.integer().primaryKey() })),
      b: table((t) => ({ id: t.integer().primaryKey() })),
      c: table((t) => ({ b: t.integer().references('b', 'id') })),
    });
    const to = schema({
      b: table((t) => ({ id: t.integer().primaryKey() })),
      c: table((t) => ({ b: t.integer().references('b', 'id') })),
    });
    const renames = { tables: [{ from: local('a'), to: local('b') }], columns: [] };
    expect(steps(from, to, { renames })).toEqual([
      'drop foreign key (b) of c',
      'drop table b',
      'rename table a to b',
      'add foreign key (b) of c to b (id)',
    ]);
  });

  test('of what is not there are refused', () => {
    const one = schema({ t: table((t) => ({ a: t.integer() })) });
    const column = (from: string, to: string) => () =>
      diff(one, one, { renames: { tables: [], columns: [{ table: local('t'), from, to }] } });
    expect(column('nowhere', 'a')).toThrow(
      expect.objectContaining({
        code: 'operation/unknown-object',
        message: 'renameColumn: there is no column t.nowhere before the change',
      }),
    );
    expect(column('a', 'nowhere')).toThrow('renameColumn: there is no column t.nowhere after the change');
    const tables = [{ from: local('t'), to: local('nowhere') }];
    expect(() => diff(one, one, { renames: { tables, columns: [] } })).toThrow(
      'there is no table nowhere after',
    );
  });
});
