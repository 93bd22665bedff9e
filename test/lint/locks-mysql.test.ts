// What lint says of locks and rewrites on MySQL and MariaDB, held against what a server does.

import type { Connection, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LintFinding } from '../../src/lint/finding.ts';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

type Engine = 'mariadb' | 'mysql9';
const engines = (['mariadb', 'mysql9'] as const).filter((engine) => selectedEngines().includes(engine));

/** Each change, on a table of its own. */
const changes: Readonly<Record<string, (table: string) => string>> = {
  add_column: (table) => `op.addColumn('${table}', 'size', t.integer());`,
  add_filled: (table) => `op.addColumn('${table}', 'size', t.integer().notNull().default(1));`,
  add_virtual: (table) =>
    `op.addColumn('${table}', 'size', t.integer().generatedAs('age + 1', { stored: false }));`,
  add_stored: (table) => `op.addColumn('${table}', 'size', t.integer().generatedAs('age + 1'));`,
  drop_column: (table) => `op.dropColumn('${table}', 'plain');`,
  drop_indexed: (table) => `op.dropColumn('${table}', 'code');`,
  rename_column: (table) => `op.renameColumn('${table}', 'plain', 'other');`,
  set_default: (table) => `op.alterColumn('${table}', 'age', { default: 7 });`,
  set_not_null: (table) => `op.alterColumn('${table}', 'plain', { nullable: false });`,
  drop_not_null: (table) => `op.alterColumn('${table}', 'age', { nullable: true });`,
  longer: (table) => `op.alterColumn('${table}', 'mail', { type: t.varchar(60) });`,
  longer_beyond: (table) => `op.alterColumn('${table}', 'mail', { type: t.varchar(100) });`,
  shorter: (table) => `op.alterColumn('${table}', 'mail', { type: t.varchar(20) });`,
  wider: (table) => `op.alterColumn('${table}', 'plain', { type: t.bigint() });`,
  append_value: (table) =>
    `op.alterColumn('${table}', 'mood', { type: t.enum(null, ['sad', 'fine', 'ok']) });`,
  insert_value: (table) =>
    `op.alterColumn('${table}', 'mood', { type: t.enum(null, ['ok', 'sad', 'fine']) });`,
  collation: (table) => `op.alterColumn('${table}', 'mail', { collation: 'utf8mb4_bin' });`,
  add_index: (table) => `op.createIndex('${table}', ['mail']);`,
  add_unique: (table) => `op.addUnique('${table}', ['mail']);`,
  add_fulltext: (table) => `op.createIndex('${table}', ['note'], { method: 'fulltext' });`,
  drop_index: (table) => `op.dropIndex('${table}', '${table}_age');`,
  add_check: (table) => `op.addCheck('${table}', 'age > 0', { name: '${table}_check' });`,
  add_key: (table) =>
    `op.addForeignKey('${table}', ['plain'], { table: 'parent', columns: ['id'], name: '${table}_key' });`,
  drop_key: (table) => `op.dropPrimaryKey('${table}');`,
  drop_virtual: (table) => `op.dropColumn('${table}', 'next');`,
  add_expression: (table) => `op.addColumn('${table}', 'size', t.integer().default(sql('(1 + 1)')));`,
  column_and_index: (table) =>
    `op.addColumn('${table}', 'size', t.integer()); op.createIndex('${table}', ['size']);`,
  second_fulltext: (table) => `op.createIndex('${table}', ['mail'], { method: 'fulltext' });`,
  text_add: (table) => `op.addColumn('${table}', 'size', t.integer());`,
  text_virtual: (table) =>
    `op.addColumn('${table}', 'size', t.integer().generatedAs('age + 1', { stored: false }));`,
  text_drop: (table) => `op.dropColumn('${table}', 'plain');`,
  text_not_null: (table) => `op.alterColumn('${table}', 'plain', { nullable: false });`,
  text_longer: (table) => `op.alterColumn('${table}', 'mail', { type: t.varchar(60) });`,
  indexed_collation: (table) => `op.alterColumn('${table}', 'code', { collation: 'utf8mb4_bin' });`,
  primary_key: (table) => `op.dropPrimaryKey('${table}'); op.addPrimaryKey('${table}', ['id', 'age']);`,
  comment: (table) => `op.setTableComment('${table}', 'hello');`,
};

const names = Object.keys(changes);
const tableText = (name: string): string => `
  op.createTable('${name}', (t) => ({
    id: t.integer().primaryKey(),
    mail: t.varchar(50),
    age: t.integer().notNull(),
    plain: t.integer(),
    next: t.integer().generatedAs('age + 1', { stored: false }),
    code: t.varchar(10).index(),
    note: t.text(),
    mood: t.enum(null, ['sad', 'fine']),
  }));
  op.createIndex('${name}', ['age'], { name: '${name}_age' });
  ${/^text_|^second_/.test(name) ? `op.createIndex('${name}', ['note'], { method: 'fulltext' });` : ''}`;

/** The parent, every table, and a revision for each change. */
function revisions() {
  const parent = `op.createTable('parent', (t) => ({ id: t.integer().primaryKey() }));`;
  return [
    { id: 'base0000', up: [parent, ...names.map(tableText)].join('\n') },
    ...names.map((name, i) => ({
      id: `change${String(i).padStart(2, '0')}`,
      up: changes[name]?.(name) ?? '',
    })),
  ];
}

/** What lint says of a change: rows are written again, writers wait. */
interface Claim {
  readonly rewrites: boolean;
  readonly blocks: boolean;
}

function claimOf(findings: readonly LintFinding[]): Claim {
  const says = (...rules: readonly string[]) => findings.some(({ rule }) => rules.includes(rule));
  return {
    rewrites: says('my-copy-algorithm', 'my-table-rebuild', 'my-add-fk', 'my-add-check'),
    blocks:
      says('my-copy-algorithm', 'my-lock-shared') ||
      findings.some(({ message }) => /writes wait/.test(message)),
  };
}

const refusals = [1845, 1846];

/** True if the server refuses to carry the statement out in that way; it is carried out otherwise. */
async function refuses(connection: Connection, sql: string, way: string): Promise<boolean> {
  try {
    await connection.query(`${sql}, ${way}`);
    return false;
  } catch (error) {
    const { errno } = error as { readonly errno?: number };
    if (errno !== undefined && refusals.includes(errno)) return true;
    throw error;
  }
}

const spaces: Readonly<Record<Engine, string>> = {
  mysql9: 'SELECT SPACE AS space FROM information_schema.INNODB_TABLES WHERE NAME = CONCAT(DATABASE(), ?)',
  mariadb:
    'SELECT SPACE AS space FROM information_schema.INNODB_SYS_TABLES WHERE NAME = CONCAT(DATABASE(), ?)',
};

/** The file that holds the rows: a table that is written again gets another. */
async function spaceOf(connection: Connection, engine: Engine, table: string): Promise<unknown> {
  const [rows] = await connection.query<RowDataPacket[]>(spaces[engine], [`/${table}`]);
  return rows[0]?.['space'];
}

/** True if writers wait, by the server's own choice of a way: in place where it can, else by a copy. It is carried out. */
async function blocksWriters(connection: Connection, sql: string): Promise<boolean> {
  if (!(await refuses(connection, sql, 'ALGORITHM=INSTANT'))) return false;
  if (!(await refuses(connection, sql, 'ALGORITHM=INPLACE, LOCK=NONE'))) return false;
  if (!(await refuses(connection, sql, 'ALGORITHM=INPLACE, LOCK=SHARED'))) return true;
  const isBlocking = await refuses(connection, sql, 'LOCK=NONE');
  if (isBlocking) await connection.query(sql);
  return isBlocking;
}

/** What the server really does, for a statement that lint has judged. */
async function truthOf(
  connection: Connection,
  engine: Engine,
  change: { readonly table: string; readonly sql: string },
): Promise<Claim> {
  const before = await spaceOf(connection, engine, change.table);
  const blocks = await blocksWriters(connection, change.sql);
  return { rewrites: (await spaceOf(connection, engine, change.table)) !== before, blocks };
}

describe.each(engines)('%s', (engine) => {
  let database: FreshDatabase;
  let project: TestProject;
  let connection: Connection;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    project = testProject(...revisions());
    connection = await createConnection({ uri: database.url.replace(/^mariadb:/, 'mysql:') });
  });
  afterAll(async () => {
    await connection?.end();
    project?.[Symbol.dispose]();
    await database?.drop();
  });

  test('a claim of lint is what the server does', async () => {
    const surefoot = project.surefoot({ url: database.url });
    const { findings } = await surefoot.lint({ server: true });
    await surefoot.upgrade('base0000');
    const plan = await surefoot.plan('heads');
    await surefoot.close();
    for (const name of names) {
      await connection.query(
        `INSERT INTO ${name} (id, mail, age, plain, code) VALUES (1, 'a', 1, 1, 'x'), (2, 'b', 2, 2, 'y')`,
      );
    }
    await connection.query('INSERT INTO parent VALUES (1), (2)');
    const claimed: Record<string, Claim> = {};
    const found: Record<string, Claim> = {};
    for (const [i, table] of names.entries()) {
      const step = plan.steps[i];
      const [statement, ...more] = step?.segments.flatMap(({ statements }) => statements) ?? [];
      expect(more, table).toEqual([]);
      claimed[table] = claimOf(findings.filter(({ revision }) => revision === step?.revision));
      found[table] = await truthOf(connection, engine, { table, sql: statement?.sql ?? '' });
    }
    expect(claimed).toEqual(found);
  });
});
