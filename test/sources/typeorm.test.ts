// TypeORM's models: what they declare is made, found again, and no different. What is wrong with one is said where it stands.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModule } from '../../src/kernel/load-module.ts';
import type { Engine } from '../servers/index.ts';
import { selectedEngines } from '../servers/index.ts';
import { share } from '../support/share.ts';
import { prove, proveMade, read } from './proof.ts';
import { userProject } from './user-project.ts';

const modelOf = (engine: Engine): string =>
  join(
    import.meta.dirname,
    'models',
    'typeorm',
    `${engine === 'pglite' ? 'postgres' : engine.replace(/\d+$/, '')}.ts`,
  );
const everyRun: ReadonlySet<Engine> = new Set<Engine>(['sqlite', 'postgres18', 'mysql9', 'mariadb']);
const engines = selectedEngines().filter((engine) => share(1, 0) === 1 || everyRun.has(engine));
const servers = engines.filter((engine) => engine !== 'sqlite' && engine !== 'pglite');

test.each(engines)('every type, default, key and index: %s', { timeout: 180_000 }, async (engine) => {
  const proof = await prove(engine, modelOf(engine));
  expect(proof).toMatchObject({ inexpressible: [], afterUpgrade: [], difference: [] });
  // An extension, an index of a materialized view, an exclusion: named, as no operation makes them.
  expect(proof.findings.filter((one) => !one.startsWith('schema/not-understood'))).toEqual([]);
  expect(proof.findings).toHaveLength(proof.schema.unsupported.length);
  const names = proof.schema.tables.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['types', 'defaults', 'keyed', 'node']));
  expect(names).not.toContain('typeorm_metadata');
});

interface OwnDataSource {
  readonly options: Readonly<Record<string, unknown>>;
  readonly constructor: new (options: object) => OwnDataSource;
  initialize(): Promise<OwnDataSource>;
  query(sql: string): Promise<unknown>;
  synchronize(): Promise<void>;
  destroy(): Promise<void>;
}

/** As an application does it, with the driver of its own. */
async function synchronizeItself(engine: Engine, url: string): Promise<void> {
  const { default: declared } = await loadModule(modelOf(engine));
  const { options, constructor: DataSource } = declared as OwnDataSource;
  const address = { url, host: undefined, port: undefined, username: undefined, password: undefined };
  const own = { dropSchema: false, synchronize: false, migrationsRun: false };
  const dataSource = new DataSource({ ...options, ...address, database: undefined, ...own });
  await dataSource.initialize();
  try {
    if (options['type'] === 'postgres') await dataSource.query('CREATE SCHEMA "back office"');
    await dataSource.synchronize();
  } finally {
    await dataSource.destroy();
  }
}

// Not on SQLite: TypeORM's drivers for it are no part of this repository, and its statements are those of the test above.
test.each(servers)('what TypeORM makes itself is what is read: %s', { timeout: 180_000 }, async (engine) => {
  const alarms = await proveMade(engine, modelOf(engine), (url) => synchronizeItself(engine, url));
  // Its notes on views and generated columns.
  expect(alarms.filter((one) => !one.includes('typeorm_metadata'))).toEqual([]);
});

const imports = "import 'reflect-metadata';\nimport * as orm from 'typeorm';\n";
const column = '@orm.PrimaryGeneratedColumn() id!: number;';

describe.runIf(engines.includes('sqlite'))('a file', () => {
  const tables = async (files: Readonly<Record<string, string>>) =>
    (await read('sqlite', userProject(files))).tables.map(({ name }) => name);

  test('may export entities alone, whose types are those of their fields', async () => {
    const text = `${imports}@orm.Entity() export class One { ${column} @orm.Column() on: boolean; @orm.Column() at: Date = new Date(); }`;
    const { tables } = await read('sqlite', userProject({ 'models.ts': text }));
    const [one] = tables;
    expect(one?.columns.map(({ name }) => name)).toEqual(['id', 'on', 'at']);
    expect(JSON.stringify(one)).toMatch(/"kind":"boolean".*"kind":"timestamp"/);
  });

  test('may export schemas of entities, with no decorator', async () => {
    const schema = (name: string) =>
      `new orm.EntitySchema({ name: '${name}', columns: { id: { type: Number, primary: true } } })`;
    const text = `import * as orm from 'typeorm';\nexport const one = ${schema('One')};\nexport const list = [one, ${schema('Two')}];`;
    expect(await tables({ 'models.mjs': text })).toEqual(['one', 'two']);
  });

  test('may name its entities by patterns, which share what they import', async () => {
    const entity = (name: string, other: string) =>
      `${imports}import { ${other} } from './${other.toLowerCase()}';
       @orm.Entity() export class ${name} { ${column} @orm.ManyToOne(() => ${other}) other: orm.Relation<${other}>; }`;
    expect(
      await tables({
        'data-source.ts': `import { DataSource } from 'typeorm';
          export const source = new DataSource({ type: 'better-sqlite3', driver: class {}, database: 'x', entities: ['entities/*.ts'] });`,
        'entities/one.ts': entity('One', 'Two'),
        'entities/two.ts': entity('Two', 'One'),
      }),
    ).toEqual(['one', 'two']);
  });

  test('keeps what its entities were told of a data source', async () => {
    const file = userProject({
      'models.ts': `${imports}@orm.Entity() export class One extends orm.BaseEntity { ${column} }
        One.useDataSource('mine' as any); export const told = () => (One as any).dataSource;`,
    });
    await read('sqlite', file);
    const { told } = (await loadModule(file)) as { readonly told: () => unknown };
    expect(told()).toBe('mine');
  });
});

describe.runIf(engines.includes('sqlite'))('refused:', () => {
  test.each([
    ['what is no TypeScript', `${imports}@orm.Entity( class {`, /line \d+/],
    [
      'a type that the database lacks',
      `${imports}@orm.Entity() export class A { ${column} @orm.Column('inet') ip: string; }`,
      /"inet" in "A\.ip" is not supported/,
    ],
    [
      'two entities for one table',
      `${imports}@orm.Entity('t') export class A { ${column} }\n@orm.Entity('t') export class B { ${column} }`,
      /table t is declared twice, by A and B/,
    ],
    [
      'no primary key',
      `${imports}@orm.Entity() export class A { @orm.Column() a: string; }`,
      /primary column/,
    ],
    [
      'a data source of another database',
      `${imports}export default new orm.DataSource({ type: 'postgres', entities: [] });`,
      /of type postgres/,
    ],
    [
      'two data sources',
      `${imports}const one = () => new orm.DataSource({ type: 'better-sqlite3', driver: class {}, database: '' });\nexport const a = one(), b = one();`,
      /2 data sources/,
    ],
    [
      'patterns that name nothing',
      `${imports}export default new orm.DataSource({ type: 'better-sqlite3', driver: class {}, database: '', entities: ['no/*.ts'] });`,
      /no entities in no\/\*\.ts/,
    ],
    [
      'what TypeORM itself writes wrong',
      `${imports}@orm.Entity() export class A { ${column} @orm.Column({ default: "it's" }) a: string; }`,
      /CREATE TABLE "a"/,
    ],
  ])('%s', async (_, text, problem) => {
    const file = userProject({ 'models.ts': text });
    await expect(read('sqlite', file)).rejects.toMatchObject({
      code: 'source/unreadable',
      message: expect.stringMatching(problem),
    });
  });

  test('a package that is not installed', async () => {
    const file = userProject({ 'models.ts': `${imports}import '@nobody/plugin';` });
    await expect(read('sqlite', file)).rejects.toMatchObject({
      code: 'source/unreadable',
      message: expect.stringContaining("'@nobody/plugin'"),
    });
  });
});
