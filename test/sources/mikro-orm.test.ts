// MikroORM's models: what they declare is made, found again, and no different. What is wrong with one is said where it stands.

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
    'mikro-orm',
    `${engine === 'pglite' ? 'postgres' : engine.replace(/\d+$/, '')}.ts`,
  );
const everyRun: ReadonlySet<Engine> = new Set<Engine>(['sqlite', 'postgres18', 'mysql9', 'mariadb']);
const engines = selectedEngines().filter((engine) => share(1, 0) === 1 || everyRun.has(engine));
const servers = engines.filter((engine) => engine !== 'sqlite' && engine !== 'pglite');

test.each(engines)('every type, default, key and index: %s', { timeout: 180_000 }, async (engine) => {
  const proof = await prove(engine, modelOf(engine));
  expect(proof).toMatchObject({ inexpressible: [], afterUpgrade: [], difference: [], findings: [] });
  const names = proof.schema.tables.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['types', 'defaults', 'we "ird" table', 'pair', 'written', 'native']),
  );
  expect(proof.schema.views.map(({ name }) => name)).toEqual(['names']);
});

interface OwnOrm {
  readonly schema: { create(): Promise<void> };
  close(force: boolean): Promise<void>;
}

const packages: Readonly<Record<string, string>> = { mysql9: 'mysql', mariadb: 'mariadb' };

/** As an application does it, with the driver of its own. */
async function createItself(engine: Engine, clientUrl: string): Promise<void> {
  const { default: options } = (await loadModule(modelOf(engine))) as { readonly default: object };
  const { MikroORM } = (await import(`@mikro-orm/${packages[engine] ?? 'postgresql'}`)) as {
    readonly MikroORM: { init(options: object): Promise<OwnOrm> };
  };
  const address = { clientUrl, host: undefined, port: undefined, password: undefined };
  const orm = await MikroORM.init({
    ...options,
    ...address,
    dbName: new URL(clientUrl).pathname.slice(1),
    debug: false,
  });
  try {
    await orm.schema.create();
  } finally {
    await orm.close(true);
  }
}

// Not on SQLite: MikroORM's driver for it is no part of this repository, and its statements are those of the test above.
test.each(servers)('what MikroORM makes itself is what is read: %s', { timeout: 180_000 }, async (engine) => {
  expect(await proveMade(engine, modelOf(engine), (url) => createItself(engine, url))).toEqual([]);
});

const imports = "import { defineEntity, EntitySchema, MikroORM, p, SqliteDriver } from '@mikro-orm/sql';\n";
const entity = (name: string, more = '') =>
  `defineEntity({ name: '${name}', properties: { id: p.integer().primary(), ${more} } })`;

describe.runIf(engines.includes('sqlite'))('a file', () => {
  const tables = async (files: Readonly<Record<string, string>>) =>
    (await read('sqlite', userProject(files))).tables.map(({ name }) => name);

  test('may export entities alone, and the classes that they were made for', async () => {
    const text = `${imports}class Two { id!: number }
      export const one = ${entity('One')};
      const schema = new EntitySchema({ class: Two, properties: { id: { type: 'integer', primary: true } } });
      export { Two };`;
    expect(await tables({ 'models.ts': text })).toEqual(['one', 'two']);
  });

  test('may name its entities by patterns and folders, the TypeScript ones first', async () => {
    expect(
      await tables({
        'mikro-orm.config.ts': `${imports}
          export default { driver: SqliteDriver, dbName: 'x', entities: ['./dist'], entitiesTs: ['./entities', './more/*.ts', '!./more/not.ts'] };`,
        'entities/one.ts': `${imports}export const One = ${entity('One')};`,
        'more/two.ts': `${imports}import { One } from '../entities/one.ts';
          export const Two = ${entity('Two', 'one: () => p.manyToOne(One)')};`,
        'more/not.ts': 'throw new Error("this file is excluded");',
      }),
    ).toEqual(['one', 'two']);
  });

  test('may export an ORM, which goes on to work', async () => {
    const file = userProject({
      'orm.ts': `${imports}export class One {}
        const schema = ${entity('One')};
        export const orm = new MikroORM({ driver: SqliteDriver, dbName: 'x', entities: [schema] });
        export const told = () => schema.meta.class.prototype.__platform === orm.driver.getPlatform();`,
    });
    expect((await read('sqlite', file)).tables.map(({ name }) => name)).toEqual(['one']);
    const { told } = (await loadModule(file)) as { readonly told: () => unknown };
    expect(told()).toBe(true);
  });
});

describe.runIf(engines.includes('sqlite'))('refused:', () => {
  test.each([
    ['what is no TypeScript', `${imports}export const one = defineEntity({`, /line \d+/],
    ['a package that is not installed', `${imports}import '@nobody/plugin';`, /'@nobody\/plugin'/],
    [
      'a type that the database lacks',
      `${imports}export const one = ${entity('One', "bad: p.type('any').columnType('in(et')")};`,
      /syntax error \(create table `one`/,
    ],
    [
      'two entities for one table',
      `${imports}export const one = ${entity('One')}; export const two = defineEntity({ name: 'Two', tableName: 'one', properties: { id: p.integer().primary() } });`,
      /duplicate table names/i,
    ],
    [
      'no primary key',
      `${imports}export const one = defineEntity({ name: 'One', properties: { a: p.string() } });`,
      /primary ?key/i,
    ],
    [
      'a config for another database',
      `${imports}import { defineConfig } from '@mikro-orm/postgresql'; export default defineConfig({ dbName: 'x', entities: [${entity('One')}] });`,
      /PostgreSqlPlatform, the database is another/,
    ],
    [
      'two configs',
      `${imports}export const a = { driver: SqliteDriver, entities: [] }; export const b = { ...a };`,
      /2 configs/,
    ],
    [
      'patterns that name nothing',
      `${imports}export default { driver: SqliteDriver, entities: ['no/*.ts'] };`,
      /no entities in no\/\*\.ts/,
    ],
  ])('%s', async (_, text, problem) => {
    await expect(read('sqlite', userProject({ 'models.ts': text }))).rejects.toMatchObject({
      code: 'source/unreadable',
      message: expect.stringMatching(problem),
    });
  });
});
