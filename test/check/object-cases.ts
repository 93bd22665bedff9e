// One object of each kind: how history makes and drops it, and how somebody does behind its back.
// In: nothing. Out: ObjectCase[]. Must not know what a check says of it.

import type { FoundObject, ObjectKind } from '../../src/check/finding.ts';
import type { Engine } from '../servers/index.ts';

/** The inside of `defineSchema`. */
type Model = string;

export interface ObjectCase {
  readonly kind: ObjectKind;
  readonly engine: Engine;
  readonly object: FoundObject;
  /** Of the first revision. */
  readonly base: string;
  /** Of the revision that makes it, and of the one that drops it. */
  readonly make: string;
  readonly unmake: string;
  /** SQL behind Surefoot's back. `change: null`: it has no form that could differ. */
  readonly create: string;
  readonly drop: string;
  readonly change: string | null;
  /** Models without it, with it, and with another form of it. */
  readonly without: Model;
  readonly with: Model;
  readonly changed: Model | null;
  /** False: what no revision names is not even read. */
  readonly foreign?: false;
}

const user = `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`;
const userTable = `id: t.integer().primaryKey(), name: t.varchar(40)`;
const userModel = (columns = '', extras = '{}', more = '') =>
  `tables: { user: table((t) => ({ ${userTable}, ${columns} }), ${extras}) }, ${more}`;
const found = (kind: ObjectKind, name: string, table: string | null = null): FoundObject => ({
  kind,
  namespace: null,
  table,
  name,
});

const createTrigger = (value: number) =>
  `CREATE TRIGGER tr_user AFTER INSERT ON user BEGIN SELECT ${value}; END`;
const createFunction = (value: number) =>
  `CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT ${value}'`;
const sequence = (increment: number) =>
  `sequences: [{ namespace: null, name: 'ticket', start: 1, increment: ${increment}, minimum: null, maximum: null, cycle: false }]`;

const onSqlite: readonly ObjectCase[] = [
  {
    kind: 'table',
    engine: 'sqlite',
    object: found('table', 'note'),
    base: user,
    make: `op.createTable('note', (t) => ({ id: t.integer().primaryKey(), body: t.text() }));`,
    unmake: `op.dropTable('note');`,
    create: `CREATE TABLE note (id INTEGER CONSTRAINT pk_note PRIMARY KEY, body TEXT)`,
    drop: 'DROP TABLE note',
    change:
      'DROP TABLE note; CREATE TABLE note (id INTEGER CONSTRAINT pk_note PRIMARY KEY, body TEXT) STRICT',
    without: userModel(),
    with: `tables: { user: table((t) => ({ ${userTable} })), note: table((t) => ({ id: t.integer().primaryKey(), body: t.text() })) }`,
    changed: `tables: { user: table((t) => ({ ${userTable} })), note: table((t) => ({ id: t.integer().primaryKey(), body: t.text() }), { options: { strict: true } }) }`,
  },
  {
    kind: 'column',
    engine: 'sqlite',
    object: found('column', 'token', 'user'),
    base: user,
    make: `op.addColumn('user', 'token', t.varchar(255));`,
    unmake: `op.dropColumn('user', 'token');`,
    create: 'ALTER TABLE user ADD COLUMN token VARCHAR(255)',
    drop: 'ALTER TABLE user DROP COLUMN token',
    change: 'ALTER TABLE user DROP COLUMN token; ALTER TABLE user ADD COLUMN token VARCHAR(64)',
    without: userModel(),
    with: userModel('token: t.varchar(255)'),
    changed: userModel('token: t.text()'),
  },
  {
    kind: 'constraint',
    engine: 'sqlite',
    object: found('constraint', 'ck_id', 'user'),
    base: user,
    make: `op.addCheck('user', 'id > 0', { name: 'ck_id' });`,
    unmake: `op.dropCheck('user', 'ck_id');`,
    create: `DROP TABLE user; CREATE TABLE user (id INTEGER CONSTRAINT pk_user PRIMARY KEY, name VARCHAR(40), CONSTRAINT ck_id CHECK (id > 0))`,
    drop: 'DROP TABLE user; CREATE TABLE user (id INTEGER CONSTRAINT pk_user PRIMARY KEY, name VARCHAR(40))',
    change: `DROP TABLE user; CREATE TABLE user (id INTEGER CONSTRAINT pk_user PRIMARY KEY, name VARCHAR(40), CONSTRAINT ck_id CHECK (id > 7))`,
    without: userModel(),
    with: userModel('', `{ checks: [{ name: 'ck_id', sql: 'id > 0' }] }`),
    changed: userModel('', `{ checks: [{ name: 'ck_id', sql: 'id > 7' }] }`),
  },
  {
    kind: 'index',
    engine: 'sqlite',
    object: found('index', 'ix_name', 'user'),
    base: user,
    make: `op.createIndex('user', ['name'], { name: 'ix_name' });`,
    unmake: `op.dropIndex('user', 'ix_name');`,
    create: 'CREATE INDEX ix_name ON user (name)',
    drop: 'DROP INDEX ix_name',
    change: 'DROP INDEX ix_name; CREATE UNIQUE INDEX ix_name ON user (name)',
    without: userModel(),
    with: userModel('', `{ indexes: [{ name: 'ix_name', columns: ['name'] }] }`),
    changed: userModel('', `{ indexes: [{ name: 'ix_name', columns: ['name'], unique: true }] }`),
  },
  {
    kind: 'view',
    engine: 'sqlite',
    object: found('view', 'names'),
    base: user,
    make: `op.createView('names', 'SELECT name FROM user');`,
    unmake: `op.dropView('names');`,
    create: 'CREATE VIEW names AS SELECT name FROM user',
    drop: 'DROP VIEW names',
    change: 'DROP VIEW names; CREATE VIEW names AS SELECT name, id FROM user',
    without: userModel(),
    with: userModel('', '{}', `views: { names: 'SELECT name FROM user' }`),
    changed: userModel('', '{}', `views: { names: 'SELECT id FROM user' }`),
  },
  {
    kind: 'trigger',
    engine: 'sqlite',
    object: found('trigger', 'tr_user', 'user'),
    base: user,
    make: `op.createTrigger('user', 'tr_user', '${createTrigger(1)}');`,
    unmake: `op.dropTrigger('user', 'tr_user');`,
    create: createTrigger(1),
    drop: 'DROP TRIGGER tr_user',
    change: `DROP TRIGGER tr_user; ${createTrigger(2)}`,
    without: userModel(),
    with: userModel(
      '',
      '{}',
      `triggers: [{ table: { namespace: null, name: 'user' }, name: 'tr_user', sql: '${createTrigger(1)}' }]`,
    ),
    changed: userModel(
      '',
      '{}',
      `triggers: [{ table: { namespace: null, name: 'user' }, name: 'tr_user', sql: '${createTrigger(2)}' }]`,
    ),
  },
];

const onPostgres: readonly ObjectCase[] = [
  {
    kind: 'namespace',
    engine: 'postgres18',
    object: found('namespace', 'app'),
    base: user,
    make: `op.createNamespace('app');`,
    unmake: `op.dropNamespace('app');`,
    create: 'CREATE SCHEMA app',
    drop: 'DROP SCHEMA app',
    change: null,
    without: userModel(),
    with: userModel('', '{}', `enums: { 'app.mood': ['ok'] }`),
    changed: null,
    foreign: false,
  },
  {
    kind: 'enum',
    engine: 'postgres18',
    object: found('enum', 'mood'),
    base: user,
    make: `op.createEnum('mood', ['sad', 'ok']);`,
    unmake: `op.dropEnum('mood');`,
    create: `CREATE TYPE mood AS ENUM ('sad', 'ok')`,
    drop: 'DROP TYPE mood',
    change: `ALTER TYPE mood ADD VALUE 'good'`,
    without: userModel(),
    with: userModel('', '{}', `enums: { mood: ['sad', 'ok'] }`),
    changed: userModel('', '{}', `enums: { mood: ['sad', 'ok', 'good'] }`),
  },
  {
    kind: 'sequence',
    engine: 'postgres18',
    object: found('sequence', 'ticket'),
    base: user,
    make: `op.createSequence('ticket', { increment: 2 });`,
    unmake: `op.dropSequence('ticket');`,
    create: 'CREATE SEQUENCE ticket INCREMENT BY 2',
    drop: 'DROP SEQUENCE ticket',
    change: 'ALTER SEQUENCE ticket INCREMENT BY 5',
    without: userModel(),
    with: userModel('', '{}', sequence(2)),
    changed: userModel('', '{}', sequence(5)),
  },
  {
    kind: 'routine',
    engine: 'postgres18',
    object: found('routine', 'answer'),
    base: user,
    make: `op.createFunction('answer', "${createFunction(1)}");`,
    unmake: `op.dropFunction('answer');`,
    create: createFunction(1),
    drop: 'DROP FUNCTION answer()',
    change: createFunction(2).replace('CREATE', 'CREATE OR REPLACE'),
    without: userModel(),
    with: userModel(
      '',
      '{}',
      `routines: [{ namespace: null, name: 'answer', kind: 'function', signature: '', sql: "${createFunction(1)}" }]`,
    ),
    changed: userModel(
      '',
      '{}',
      `routines: [{ namespace: null, name: 'answer', kind: 'function', signature: '', sql: "${createFunction(2)}" }]`,
    ),
  },
  {
    kind: 'comment',
    engine: 'postgres18',
    object: found('comment', 'user', 'user'),
    base: user,
    make: `op.setTableComment('user', 'who signs in');`,
    unmake: `op.setTableComment('user', null);`,
    create: `COMMENT ON TABLE "user" IS 'who signs in'`,
    drop: `COMMENT ON TABLE "user" IS NULL`,
    change: `COMMENT ON TABLE "user" IS 'somebody else'`,
    without: userModel(),
    with: userModel('', `{ comment: 'who signs in' }`),
    changed: userModel('', `{ comment: 'somebody else' }`),
  },
  {
    kind: 'view',
    engine: 'postgres18',
    object: found('view', 'names'),
    base: user,
    make: `op.createView('names', 'SELECT name FROM "user"', { materialized: true });`,
    unmake: `op.dropView('names');`,
    create: 'CREATE MATERIALIZED VIEW names AS SELECT name FROM "user"',
    drop: 'DROP MATERIALIZED VIEW names',
    change: 'DROP MATERIALIZED VIEW names; CREATE VIEW names AS SELECT name FROM "user"',
    without: userModel(),
    with: userModel('', '{}', `views: { names: 'SELECT name FROM "user"' }`),
    changed: userModel('', '{}', `views: { names: 'SELECT id FROM "user"' }`),
  },
];

const orders = `op.createTable('orders', (t) => ({ id: t.integer().primaryKey(), user_id: t.integer() }));`;
const ordersTable = (extras: string) =>
  `tables: { user: table((t) => ({ ${userTable} })), orders: table((t) => ({ id: t.integer().primaryKey(), user_id: t.integer() }), ${extras}) }`;
const foreignKey = (onDelete: string) =>
  `{ foreignKeys: [{ name: 'fk_orders_user', columns: ['user_id'], references: { table: 'user', columns: ['id'] }, onDelete: '${onDelete}' }], indexes: [{ name: 'ix_orders_user', columns: ['user_id'] }] }`;
const addForeignKey = (onDelete: string) =>
  `ALTER TABLE orders ADD CONSTRAINT fk_orders_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE ${onDelete}`;
const dropForeignKey = 'ALTER TABLE orders DROP FOREIGN KEY fk_orders_user';

const onMysql: readonly ObjectCase[] = [
  {
    kind: 'constraint',
    engine: 'mysql9',
    object: found('constraint', 'fk_orders_user', 'orders'),
    base: `${user}${orders} op.createIndex('orders', ['user_id'], { name: 'ix_orders_user' });`,
    make: `op.addForeignKey('orders', ['user_id'], { table: 'user', columns: ['id'], name: 'fk_orders_user', onDelete: 'cascade' });`,
    unmake: `op.dropForeignKey('orders', 'fk_orders_user');`,
    create: addForeignKey('CASCADE'),
    drop: dropForeignKey,
    change: `${dropForeignKey}; ${addForeignKey('RESTRICT')}`,
    without: ordersTable(`{ indexes: [{ name: 'ix_orders_user', columns: ['user_id'] }] }`),
    with: ordersTable(foreignKey('cascade')),
    changed: ordersTable(foreignKey('set-null')),
  },
];

export const objectCases: readonly ObjectCase[] = [...onSqlite, ...onPostgres, ...onMysql];
