// Drizzle's models: what they declare is made, found again, and no different; so is a database that Drizzle made. What is
// wrong with models is said where it stands.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import type { Schema } from '../../src/schema/schema.ts';
import type { Engine } from '../servers/index.ts';
import { selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { drizzleProjects } from './drizzle-projects.ts';
import { compareMade, prove, read } from './proof.ts';

const families: Readonly<Record<string, string>> = { pglite: 'postgres', mariadb: 'mysql' };
const familyOf = (engine: Engine) => families[engine] ?? engine.replace(/\d+$/, '');
const hasEngine = (engine: Engine) => selectedEngines().includes(engine);
const modelsOf = (name: string) => join(import.meta.dirname, 'models', `drizzle-${name}`);

const run = promisify(execFile);
const projects = drizzleProjects();
afterAll(projects.remove);

test.each(representatives(selectedEngines()))(
  'every type, default, key, index and view: %s',
  async (engine) => {
    const proof = await prove(engine, `${modelsOf(familyOf(engine))}.ts`);
    expect(proof).toMatchObject({ inexpressible: [], afterUpgrade: [], difference: [], findings: [] });
    expect(proof.schema.tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['every_column', 'people', 'order_lines']),
    );
  },
);

// MariaDB takes neither `serial AUTO_INCREMENT` nor a unique expression: Drizzle's own statements fail there.
const drizzleMakes: readonly Engine[] = ['sqlite', 'postgres18', 'mysql9'];

test.each(drizzleMakes.filter(hasEngine))(
  'a database that Drizzle made is no different: %s',
  async (engine) => {
    const models = modelsOf(`kit-${familyOf(engine)}`);
    const statements = readFileSync(`${models}.sql`, 'utf8').split('--> statement-breakpoint');
    expect(await compareMade(engine, `${models}.ts`, statements)).toEqual([]);
  },
);

const columnsOf = (schema: Schema, table: string) =>
  schema.tables.find(({ name }) => name === table)?.columns.map(({ name }) => name);

const sqlite = `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n`;

describe.runIf(hasEngine('sqlite'))('files', () => {
  test('several of them, by paths of a tsconfig, with relations and what is handed on', async () => {
    const folder = projects.add({
      'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@models/*': ['./models/*'] } } }),
      'models/index.ts': `export * from './users';\nexport * from '@models/posts';\n`,
      'models/users.ts': `${sqlite}export const users = sqliteTable('users', { id: integer('id').primaryKey() });\n`,
      'models/posts.ts': [
        `${sqlite}import { users } from '@models/users';`,
        `export const posts = sqliteTable('posts', { by: integer('by').references(() => users.id) });`,
      ].join('\n'),
      'models/relations.ts': [
        `import { relations } from 'drizzle-orm';\nimport { posts } from '@models/posts';\nimport { users } from './users';`,
        `export const ofUsers = relations(users, ({ many }) => ({ posts: many(posts) }));`,
      ].join('\n'),
    });
    for (const models of ['models', 'models/index.ts']) {
      const { tables } = await read('sqlite', join(folder, models));
      expect(tables.map(({ name }) => name)).toEqual(['posts', 'users']);
      expect(tables[0]?.foreignKeys).toMatchObject([
        { references: { table: { name: 'users' }, columns: ['id'] } },
      ]);
    }
  });

  test('names take the case that drizzle.config says', async () => {
    const models = [
      `${sqlite}import { index, primaryKey } from 'drizzle-orm/sqlite-core';`,
      `export const t = sqliteTable('t', { firstName: text(), lastName: text('lastName'), zipCode: text().unique() },`,
      `  (t) => [primaryKey({ columns: [t.firstName, t.zipCode] }), index('i').on(t.firstName)]);`,
    ].join('\n');
    const plain = projects.add({ 'schema.ts': models });
    expect(columnsOf(await read('sqlite', join(plain, 'schema.ts')), 't')).toEqual([
      'firstName',
      'lastName',
      'zipCode',
    ]);
    const config = `export default { dialect: 'sqlite', schema: './schema.ts', casing: 'snake_case' };\n`;
    const cased = projects.add({ 'schema.ts': models, 'drizzle.config.ts': config });
    const schema = await read('sqlite', join(cased, 'schema.ts'));
    expect(columnsOf(schema, 't')).toEqual(['first_name', 'lastName', 'zip_code']);
    expect(schema.tables[0]?.primaryKey?.columns).toEqual(['first_name', 'zip_code']);
    // Drizzle names a unique column by its key.
    expect(schema.tables[0]?.indexes.map(({ name }) => name)).toEqual(['i', 't_zipCode_unique']);
  });

  test('what the application computes is no default', async () => {
    const { tables } = await read('sqlite', `${modelsOf('sqlite')}.ts`);
    const columns = tables.find(({ name }) => name === 'every_column')?.columns ?? [];
    const defaults = new Map(columns.map((column) => [column.name, column.default]));
    expect(defaults.get('javascript')).toBeNull();
    expect(defaults.get('an_integer')).toEqual({ kind: 'literal', value: -7 });
  });
});

describe.runIf(hasEngine('sqlite'))('bad models', () => {
  const problemOf = async (files: Readonly<Record<string, string>>, options?: { readonly bare: boolean }) => {
    const folder = projects.add(files, options);
    const failure = await read('sqlite', join(folder, 'schema.ts')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    const { code, message } = failure as { readonly code?: string; readonly message: string };
    return `${code}: ${message.replaceAll(`${folder}/`, '')}`;
  };

  test('two tables of one name', async () => {
    const models = [
      sqlite,
      `export const a = sqliteTable('one', { id: integer('id') });`,
      `export const b = sqliteTable('one', { name: text('name') });`,
    ];
    expect(await problemOf({ 'schema.ts': models.join('\n') })).toBe(
      'source/unreadable: the models in schema.ts: table one is declared twice',
    );
  });

  test('a table of another database', async () => {
    const models = `import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { id: integer('id') });\n`;
    expect(await problemOf({ 'schema.ts': models })).toBe(
      'source/unreadable: the models in schema.ts: table a is of pg-core, and the database takes sqlite-core',
    );
  });

  test('a file that does not compile', async () => {
    const problem = await problemOf({ 'schema.ts': `${sqlite}export const a = sqliteTable('a', {\n` });
    expect(problem).toMatch(/^source\/unreadable: the models in schema\.ts: (line \d: )?\S/);
  });

  test('a file that fails', async () => {
    const problem = await problemOf({ 'schema.ts': `${sqlite}throw new Error('no such luck');\n` });
    expect(problem).toBe('source/unreadable: the models in schema.ts: line 2: no such luck');
  });

  test('a table that refers to nothing', async () => {
    const models = `${sqlite}export const a = sqliteTable('a', { b: integer('b').references(() => undefined as never) });\n`;
    expect(await problemOf({ 'schema.ts': models })).toMatch(
      /^source\/unreadable: the models in schema\.ts: table a: \S/,
    );
  });

  // The runner of tests finds packages where it stands itself; a process of its own does not.
  test('drizzle-orm is not installed', async () => {
    const models = `${sqlite}export const a = sqliteTable('a', { id: integer('id') });\n`;
    const folder = projects.add({ 'schema.ts': models }, { bare: true });
    const program = `
      const { read } = await import(${JSON.stringify(import.meta.resolve('./proof.ts'))});
      const failure = await read('sqlite', ${JSON.stringify(join(folder, 'schema.ts'))}).catch((error) => error);
      process.stdout.write(failure.code + ': ' + failure.message);`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
    expect(stdout).toMatch(
      /^source\/unreadable: the models in .*schema\.ts: Cannot find package 'drizzle-orm'/,
    );
  });

  test('a case that Drizzle does not know', async () => {
    const models = `${sqlite}export const a = sqliteTable('a', { id: integer('id') });\n`;
    const config = `export default { casing: 'kebab-case' };\n`;
    expect(await problemOf({ 'schema.ts': models, 'drizzle.config.ts': config })).toBe(
      'source/unreadable: the models in drizzle.config.ts: casing "kebab-case" is not known',
    );
  });

  test('nothing but relations', async () => {
    const models = [
      sqlite,
      `import { relations } from 'drizzle-orm';`,
      `const a = sqliteTable('a', { id: integer('id') });`,
      `export const of = relations(a, () => ({}));`,
    ];
    expect(await problemOf({ 'schema.ts': models.join('\n') })).toBe(
      'source/unreadable: the models in schema.ts: nothing that is exported is a table, a view or a type',
    );
  });
});

test.runIf(hasEngine('postgres18'))('two types of one name, in two files', async () => {
  const folder = projects.add({
    'models/a.ts': `import { pgEnum } from 'drizzle-orm/pg-core';\nexport const a = pgEnum('mood', ['a']);\n`,
    'models/b.ts': `import { pgEnum } from 'drizzle-orm/pg-core';\nexport const b = pgEnum('mood', ['b']);\n`,
  });
  await expect(read('postgres18', join(folder, 'models'))).rejects.toMatchObject({
    code: 'source/unreadable',
    details: { file: join(folder, 'models/b.ts'), problem: 'enum mood is declared twice' },
  });
});

describe.runIf(hasEngine('postgres18'))('what is not understood is named', () => {
  test('policies, roles, bounds of identities, parameters of indexes, options of views', async () => {
    const folder = projects.add({
      'schema.ts': `
        import { sql } from 'drizzle-orm';
        import { index, integer, pgMaterializedView, pgPolicy, pgRole, pgSequence, pgTable, pgView } from 'drizzle-orm/pg-core';
        export const admin = pgRole('admin');
        export const theirs = pgRole('theirs').existing();
        export const cached = pgSequence('cached', { cache: 10 });
        export const t = pgTable('t', { id: integer('id').generatedAlwaysAsIdentity({ maxValue: 10 }) }, (t) => [
          pgPolicy('mine', { to: admin, using: sql\`true\` }),
          index('filled').on(t.id).with({ fillfactor: '70' }),
        ]);
        export const open = pgTable('open', { id: integer('id') }).enableRLS();
        export const v = pgView('v').with({ securityInvoker: true }).as((qb) => qb.select().from(t));
        export const m = pgMaterializedView('m').withNoData().as((qb) => qb.select().from(t));
      `,
    });
    const { unsupported, tables } = await read('postgres18', join(folder, 'schema.ts'));
    expect(unsupported.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'identity t.id',
      'index t.filled',
      'policy t.mine',
      'role admin',
      'sequence cached',
      'view v',
    ]);
    expect(tables.map(({ options }) => options)).toEqual([{ rowSecurity: true }, { rowSecurity: true }]);
  });

  test('a case is given to columns of indexes, keys and views as well', async () => {
    const folder = projects.add({
      'drizzle.config.json': '{ "casing": "snake_case" }',
      'schema.ts': `
        import { gt } from 'drizzle-orm';
        import { index, integer, pgTable, pgView, primaryKey, QueryBuilder } from 'drizzle-orm/pg-core';
        export const t = pgTable('t', { bigOne: integer(), otherOne: integer().references(() => u.oneId) }, (t) => [
          primaryKey({ columns: [t.bigOne, t.otherOne] }), index().on(t.otherOne.desc()).where(gt(t.bigOne, 1)) ]);
        export const u = pgTable('u', { oneId: integer().primaryKey() });
        export const v = pgView('v').as(new QueryBuilder({ casing: 'snake_case' }).select().from(t));
      `,
    });
    const { tables, views } = await read('postgres18', join(folder, 'schema.ts'));
    expect(tables[0]).toMatchObject({
      primaryKey: { name: 't_big_one_other_one_pk', columns: ['big_one', 'other_one'] },
      foreignKeys: [
        { name: 't_other_one_u_one_id_fk', columns: ['other_one'], references: { columns: ['one_id'] } },
      ],
      indexes: [
        { name: 't_other_one_index', parts: [{ column: 'other_one', descending: true, nulls: 'last' }] },
      ],
    });
    expect(tables[0]?.indexes[0]?.where).toContain('big_one');
    expect(views[0]?.sql).toBe('select "big_one", "other_one" from "t"');
  });

  test('names are cut as the server cuts them, and types in use need not be exported', async () => {
    const long = `a_table_whose_name_is_so_long_that_keys_are_cut`;
    const folder = projects.add({
      'schema.ts': `
        import { integer, pgEnum, pgTable } from 'drizzle-orm/pg-core';
        const mood = pgEnum('mood', ['a', 'b']);
        export const t = pgTable('${long}', { id: integer('id').primaryKey(), m: mood('m'),
          above: integer('above').references(() => t.id) });
      `,
    });
    const { tables, enums } = await read('postgres18', join(folder, 'schema.ts'));
    expect(enums).toEqual([{ namespace: null, name: 'mood', values: ['a', 'b'] }]);
    expect(tables[0]?.foreignKeys[0]?.name).toBe(`${long}_above_${long}_id_fk`.slice(0, 63));
  });
});

test.runIf(hasEngine('mysql9'))('a table of another database is named', async () => {
  const folder = projects.add({
    'schema.ts': `
      import { int, mysqlSchema, mysqlTable } from 'drizzle-orm/mysql-core';
      export const other = mysqlSchema('other');
      export const theirs = other.table('theirs', { id: int('id').primaryKey() });
      export const ours = mysqlTable('ours', { id: int('id').primaryKey() });
    `,
  });
  const { tables, unsupported, namespaces } = await read('mysql9', join(folder, 'schema.ts'));
  expect(tables.map(({ name }) => name)).toEqual(['ours']);
  expect(unsupported).toMatchObject([{ kind: 'table', namespace: 'other', name: 'theirs' }]);
  expect(namespaces).toEqual([]);
});
