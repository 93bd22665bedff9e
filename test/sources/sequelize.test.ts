// Sequelize's models: what they declare is made, found again, and no different. Nobody's server is spoken to.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Engine } from '../servers/index.ts';
import { selectedEngines } from '../servers/index.ts';
import { representatives, share } from '../support/share.ts';
import { prove, read } from './proof.ts';

const models = join(import.meta.dirname, 'models', 'sequelize');
const families: Readonly<Record<string, string>> = { pglite: 'postgres', mariadb: 'mysql' };
const familyOf = (engine: Engine) => families[engine] ?? engine.replace(/\d+$/, '');
const hasEngine = (engine: Engine) => selectedEngines().includes(engine);

const folder = mkdtempSync(join(tmpdir(), 'surefoot-sequelize-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** A file of models in a project that has Sequelize. */
function modelFile(text: string, name = 'models.ts'): string {
  count++;
  const file = join(folder, String(count), name);
  mkdirSync(dirname(file));
  symlinkSync(join(import.meta.dirname, '..', '..', 'node_modules'), join(dirname(file), 'node_modules'));
  writeFileSync(file, text);
  return file;
}

const namesIn = async (file: string) => (await read('sqlite', file)).tables.map(({ name }) => name).sort();

/** An address where nobody is, of a driver that cannot connect. */
const instance = (dialect = 'sqlite') =>
  `import { DataTypes, Model, Sequelize } from 'sequelize';
export const sequelize = new Sequelize({
  dialect: '${dialect}', dialectModule: {}, storage: '/nowhere/never.db', host: 'nowhere.invalid', logging: () => { throw new Error('logged'); },
});
`;

test.each(representatives(selectedEngines()))('every type, default, key and relation: %s', async (engine) => {
  const proof = await prove(engine, join(models, `${familyOf(engine)}.ts`));
  expect(proof).toMatchObject({ inexpressible: [], afterUpgrade: [], difference: [], findings: [] });
  const names = proof.schema.tables.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Types', 'Authors', 'posts', 'post_tags', 'the pairs']));
});

const cycle = `export default (sequelize, DataTypes) => {
  const egg = sequelize.define('Egg', { code: { type: DataTypes.STRING(9), allowNull: false, unique: true } });
  const hen = sequelize.define('Hen', { size: { type: DataTypes.INTEGER, defaultValue: 3 } });
  egg.belongsTo(hen);
  hen.belongsTo(egg);
};\n`;

/** A database in the process takes its time to start, once more for this on all runs but the long ones. */
const quick = representatives(selectedEngines()).filter(
  (engine) => share(1, 0) === 1 || familyOf(engine) !== 'postgres',
);

test.each(quick)('models that refer to each other: %s', async (engine) => {
  const { tables } = await read(engine, modelFile(cycle));
  expect(tables.map((table) => [table.name, table.foreignKeys.length])).toEqual([
    ['Eggs', 1],
    ['Hens', 1],
  ]);
  const [eggs] = tables;
  const unique = [...(eggs?.uniques ?? []), ...(eggs?.indexes.filter((index) => index.unique) ?? [])];
  expect(unique).toHaveLength(1);
});

test.runIf(hasEngine('sqlite'))('an instance, and afterwards it is as it was', async () => {
  const file = modelFile(`${instance()}sequelize.define('Note', { text: DataTypes.TEXT });\n`);
  const { sequelize } = await import(file);
  const { connectionManager, options } = sequelize;
  const before = { ...options };
  expect(await namesIn(file)).toEqual(['Notes']);
  expect(sequelize.connectionManager).toBe(connectionManager);
  expect(sequelize.dialect.connectionManager).toBe(connectionManager);
  expect(sequelize.options).toEqual(before);
});

test.runIf(hasEngine('sqlite'))('a class of models, and a hook that speaks to the database', async () => {
  const file = modelFile(`${instance().replace('export ', '')}
export class Note extends Model {}
Note.init({ text: DataTypes.TEXT }, { sequelize });
sequelize.addHook('afterBulkSync', async () => {
  await sequelize.transaction(async (transaction) => {
    await sequelize.query('CREATE TABLE by_hook (id INTEGER NOT NULL)', { transaction });
    await Note.create({ text: 'one' }, { transaction });
  });
  if ((await Note.count()) !== 1) throw new Error('not there');
});\n`);
  expect(await namesIn(file)).toEqual(['Notes', 'by_hook']);
});

test.runIf(hasEngine('sqlite'))('an object of models in CommonJS, as sequelize-cli makes it', async () => {
  const file = modelFile(
    `const { Sequelize, DataTypes } = require('sequelize');
const sequelize = new Sequelize({ dialect: 'sqlite', dialectModule: {} });
const User = sequelize.define('User', { name: DataTypes.STRING });
module.exports = { User, sequelize, Sequelize };\n`,
    'index.cjs',
  );
  expect(await namesIn(file)).toEqual(['Users']);
});

test.runIf(hasEngine('sqlite'))('a function that makes the instance', async () => {
  const file = modelFile(`import { DataTypes, Sequelize } from 'sequelize';
export async function openSequelize() {
  const made = new Sequelize({ dialect: 'sqlite', dialectModule: {} });
  made.define('Note', { text: DataTypes.TEXT });
  return made;
}\n`);
  expect(await namesIn(file)).toEqual(['Notes']);
});

test.runIf(hasEngine('sqlite'))('functions that define models, and associate them', async () => {
  const file = modelFile(`export const user = (sequelize, DataTypes) => sequelize.define('User', {});
export function post(sequelize, DataTypes) {
  const Post = sequelize.define('Post', {});
  Post.associate = (models) => { Post.belongsTo(models.User); };
  return Post;
}\n`);
  const { tables } = await read('sqlite', file);
  expect(tables.map(({ name, foreignKeys }) => [name, foreignKeys.length])).toEqual([
    ['Posts', 1],
    ['Users', 0],
  ]);
});

const refusals: readonly (readonly [string, string, RegExp])[] = [
  ['no models', instance(), /has no models/],
  [
    'two models for one table',
    `${instance()}sequelize.define('A', {}, { tableName: 't' });\nsequelize.define('B', {}, { tableName: 't' });\n`,
    /table t is declared twice, by A and B/,
  ],
  [
    'another database',
    `${instance('mysql')}sequelize.define('A', {});\n`,
    /is for mysql; for this database it is "sqlite"/,
  ],
  [
    'two instances',
    `${instance()}export const other = new Sequelize({ dialect: 'sqlite', dialectModule: {} });\n`,
    /2 instances/,
  ],
  [
    'a type that is none',
    `${instance()}sequelize.define('A', { b: DataTypes.NOTHING });\n`,
    /Unrecognized datatype/,
  ],
  [
    'an index on what is not there',
    `${instance()}sequelize.define('A', {}, { indexes: [{ fields: ['b'] }] });\n`,
    /no such column: b/,
  ],
  ['a driver that is not installed', `${instance().replace('dialectModule: {}, ', '')}`, /install sqlite3/],
  ['a package that is not installed', `import 'sequelize-nothing';\n`, /sequelize-nothing/],
  ['a maker that makes none', 'export const makeSequelize = () => ({});\n', /makes no Sequelize/],
];

test.runIf(hasEngine('sqlite')).each(refusals)('refused: %s', async (_, text, message) => {
  await expect(read('sqlite', modelFile(text))).rejects.toMatchObject({
    code: 'source/unreadable',
    message: expect.stringMatching(message),
  });
});

test.runIf(hasEngine('mysql9'))('refused: a type that the database lacks', async () => {
  const file = modelFile(
    `${instance('mysql')}sequelize.define('A', { b: DataTypes.ARRAY(DataTypes.TEXT) });\n`,
  );
  await expect(read('mysql9', file)).rejects.toMatchObject({
    code: 'source/unreadable',
    message: expect.stringMatching(/SQL syntax/),
  });
});
