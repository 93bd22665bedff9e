// Prisma's schemas: what they declare is made, found again, and no different. What is wrong with one is said where it stands.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Schema } from '../../src/schema/schema.ts';
import type { Engine } from '../servers/index.ts';
import { selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { prove, read } from './proof.ts';

const models = join(import.meta.dirname, 'models', 'prisma');
const families: Readonly<Record<string, string>> = { pglite: 'postgres', mariadb: 'mysql' };
const familyOf = (engine: Engine) => families[engine] ?? engine.replace(/\d+$/, '');
const hasEngine = (engine: Engine) => selectedEngines().includes(engine);

const folder = mkdtempSync(join(tmpdir(), 'surefoot-prisma-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** A file of a project that has the engine, unless it shall have none. */
function schemaFile(text: string, installed: 'engine' | 'nothing' = 'engine'): string {
  count++;
  const project = join(folder, String(count));
  mkdirSync(project);
  if (installed === 'engine') {
    const packages = join(import.meta.dirname, '..', '..', 'node_modules');
    symlinkSync(packages, join(project, 'node_modules'));
  }
  const file = join(project, 'schema.prisma');
  writeFileSync(file, text);
  return file;
}

const datasource = (provider: string) => `datasource db {\n  provider = "${provider}"\n}\n`;

const tableOf = (schema: Schema, name: string) => schema.tables.find((table) => table.name === name);

test.each(representatives(selectedEngines()))('every type, default, key and relation: %s', async (engine) => {
  const proof = await prove(engine, join(models, `${familyOf(engine)}.prisma`));
  expect(proof).toMatchObject({ inexpressible: [], afterUpgrade: [], difference: [] });
  expect(proof.findings.filter((text) => !text.includes('view'))).toEqual([]);
  const names = proof.schema.tables.map(({ name }) => name);
  // A view has no query in Prisma: it is named.
  const views = proof.schema.unsupported.map(({ kind, name }) => [kind, name]);
  expect(views).toEqual(familyOf(engine) === 'sqlite' ? [] : [['view', 'Report']]);
  expect(names).toEqual(expect.arrayContaining(['Scalars', '_Friends', '_Likes', 'Hidden']));
});

test.runIf(hasEngine('sqlite'))('a folder of files, and what stands in its folders', async () => {
  const { schema } = await prove('sqlite', join(models, 'folder'));
  expect(schema.tables.map(({ name }) => name)).toEqual(['Author', 'Post']);
});

test.runIf(hasEngine('mysql9'))('the names and actions of MySQL are those that Prisma gives', async () => {
  const schema = await read('mysql9', join(models, 'mysql.prisma'));
  const long = tableOf(schema, 'AModelWhoseNameIsSoLongThatTheNamesOfItsKeysMustBeCut');
  expect([...(long?.uniques ?? []), ...(long?.indexes ?? [])].map(({ name }) => name).sort()).toEqual([
    'AModelWhoseNameIsSoLongThatTheNamesOfItsKeysMustBeCut_aColum_idx',
    'AModelWhoseNameIsSoLongThatTheNamesOfItsKeysMustBeCut_aColum_key',
  ]);
  expect(tableOf(schema, 'Author')?.foreignKeys).toMatchObject([
    { name: 'Author_bossId_fkey', onDelete: 'set-null', onUpdate: 'cascade' },
  ]);
  expect(tableOf(schema, '_Likes')?.foreignKeys.map(({ name }) => name)).toEqual([
    '_Likes_A_fkey',
    '_Likes_B_fkey',
  ]);
});

test.runIf(hasEngine('mysql9'))('where Prisma looks after relations there are no foreign keys', async () => {
  const relations = `datasource db {\n  provider = "mysql"\n  relationMode = "prisma"\n}
model A {\n  id Int @id\n  bId Int\n  b B @relation(fields: [bId], references: [id])\n  cs B[] @relation("m")\n  @@index([bId])\n}
model B {\n  id Int @id\n  as A[]\n  ds A[] @relation("m")\n}\n`;
  const { tables } = await read('mysql9', schemaFile(relations));
  expect(tables.map(({ name, foreignKeys }) => [name, foreignKeys.length])).toEqual([
    ['A', 0],
    ['B', 0],
    ['_m', 0],
  ]);
});

const refusals: readonly (readonly [string, string, RegExp])[] = [
  [
    'a line that is none',
    `${datasource('sqlite')}model A {\n  id Int @id\n  what\n}\n`,
    /schema\.prisma: line 6: .*field declaration is invalid/,
  ],
  [
    'two things',
    `${datasource('sqlite')}model A {\n  id Int @i\n  b Nothing\n}\n`,
    /line 6: .*"Nothing".*; line 5: .*"@i"/,
  ],
  [
    'another provider',
    `${datasource('mysql')}model A {\n  id Int @id\n}\n`,
    /for mysql; for this database it is "sqlite"/,
  ],
  [
    'no provider that is said',
    'datasource db {\n  provider = env("P")\n}\n',
    /no provider that is a plain text/,
  ],
  ['no datasource', 'model A {\n  id Int @id\n}\n', /it has no datasource/],
  [
    'two models for one table',
    `${datasource('sqlite')}model A {\n  id Int @id\n}\nmodel B {\n  id Int @id\n  @@map("A")\n}\n`,
    /line 9: .*another model or view with this name/,
  ],
  [
    'a type of another database',
    `${datasource('sqlite')}model A {\n  id Int @id @db.Uuid\n}\n`,
    /line 5: .*Uuid/,
  ],
  [
    'what only the database finds',
    `${datasource('sqlite')}model A {\n  id Int @id\n  b String @default(dbgenerated("no ("))\n}\n`,
    /in the SQL made of it: CREATE TABLE "A"/,
  ],
];

test.runIf(hasEngine('sqlite')).each(refusals)('refused: %s', async (_, text, message) => {
  await expect(read('sqlite', schemaFile(text))).rejects.toMatchObject({
    code: 'source/unreadable',
    message: expect.stringMatching(message),
  });
});

test.runIf(hasEngine('mysql9'))(
  'refused by the engine on MySQL too, for which it writes nothing',
  async () => {
    const file = schemaFile(`${datasource('mysql')}model A {\n  id Int @id @db.Jsonb\n}\n`);
    await expect(read('mysql9', file)).rejects.toMatchObject({
      code: 'source/unreadable',
      message: expect.stringMatching(/line 5: .*Jsonb/),
    });
  },
);

test.runIf(hasEngine('sqlite'))('refused: the package is missing', async () => {
  const file = schemaFile(`${datasource('sqlite')}model A {\n  id Int @id\n}\n`, 'nothing');
  await expect(read('sqlite', file)).rejects.toMatchObject({
    code: 'driver/missing',
    hint: expect.stringContaining('npm install --save-dev @prisma/schema-engine-wasm'),
  });
});
