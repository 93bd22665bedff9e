// In: a packed file. Out: seconds from `npm install` to the first upgrade, in projects as people have them.
// Must not know: how the file was packed.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newPlace, type Place } from './place.ts';

interface Project {
  readonly name: string;
  /** What is there before Surefoot comes. */
  readonly files: Readonly<Record<string, string>>;
  /** What its user does, one command after the other. `TARBALL` stands for the packed file. */
  readonly commands: readonly (readonly string[])[];
  readonly tables: readonly string[];
}

export interface Timed {
  readonly name: string;
  readonly seconds: number;
  readonly commands: string;
}

const install = (...packages: readonly string[]): readonly string[] => [
  'npm',
  'install',
  '--no-audit',
  '--no-fund',
  ...packages,
];
const surefoot = (...args: readonly string[]): readonly string[] => ['npx', 'surefoot', ...args];
const fromModels = [
  surefoot('init', '--no-example'),
  surefoot('migrate', '-m', 'first'),
  surefoot('upgrade'),
];

const manifest = (dependencies: object, devDependencies: object): string =>
  JSON.stringify({ name: 'shop', private: true, type: 'module', dependencies, devDependencies }, null, 2);

const bare: Project = {
  name: 'bare folder',
  files: {},
  commands: [install('TARBALL'), surefoot('init'), surefoot('upgrade')],
  tables: [],
};

const drizzle: Project = {
  name: 'Drizzle',
  files: {
    'package.json': manifest({ 'drizzle-orm': '0.45.4' }, { 'drizzle-kit': '0.31.11' }),
    'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'sqlite', schema: './src/db/schema.ts', dbCredentials: { url: './dev.db' } });
`,
    'src/db/schema.ts': `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const user = sqliteTable('user', {
  id: integer().primaryKey(),
  email: text().notNull().unique(),
});
export const note = sqliteTable('note', {
  id: integer().primaryKey(),
  userId: integer('user_id').notNull().references(() => user.id),
  text: text(),
});
`,
  },
  commands: [install('TARBALL'), ...fromModels],
  tables: ['note', 'user'],
};

const prisma: Project = {
  name: 'Prisma',
  files: {
    'package.json': manifest({ '@prisma/client': '7.10.0' }, { prisma: '7.10.0' }),
    'prisma/schema.prisma': `generator client {
  provider = "prisma-client"
  output   = "../src/generated"
}

datasource db {
  provider = "sqlite"
}

model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  notes Note[]
}

model Note {
  id     Int    @id @default(autoincrement())
  userId Int
  user   User   @relation(fields: [userId], references: [id])
}
`,
  },
  commands: [
    install('TARBALL'),
    install('--save-dev', '@prisma/schema-engine-wasm@7.10.0-4.0edf323efd1d98336f3f0a68684b56f689b900d3'),
    ...fromModels,
  ],
  tables: ['Note', 'User'],
};

export const projects: readonly Project[] = [bare, drizzle, prisma];

async function write(place: Place, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(place.folder, file)), { recursive: true });
    await writeFile(join(place.folder, file), text);
  }
}

async function expectUpgraded(place: Place, tables: readonly string[]): Promise<void> {
  const check = ['--no-warnings', '-e', listTables];
  const found = JSON.parse(await place.run(['node', ...check])) as readonly string[];
  if (JSON.stringify(found) !== JSON.stringify(tables))
    throw new Error(`the database has ${JSON.stringify(found)}, not ${JSON.stringify(tables)}`);
  await place.run(surefoot('check'));
}

const listTables = `
const { DatabaseSync } = require('node:sqlite');
const rows = new DatabaseSync('dev.db').prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'surefoot%' AND name NOT LIKE 'sqlite%' ORDER BY name").all();
console.log(JSON.stringify(rows.map((row) => row.name)));
`;

/** Makes the project, and does in it what its user does. The clock runs from the install of Surefoot on. */
export async function timeProject(tarball: string, project: Project, nodeFolder: string): Promise<Timed> {
  const place = await newPlace(nodeFolder);
  try {
    await write(place, project.files);
    if (project.files['package.json'] !== undefined) await place.run(install('--ignore-scripts'));
    const started = performance.now();
    for (const command of project.commands)
      await place.run(command.map((word) => (word === 'TARBALL' ? tarball : word)));
    const seconds = (performance.now() - started) / 1000;
    await expectUpgraded(place, project.tables);
    return { name: project.name, seconds, commands: shown(project.commands) };
  } finally {
    await rm(place.folder, { recursive: true, force: true });
  }
}

const shown = (commands: Project['commands']): string =>
  commands
    .map((argv) =>
      argv
        .filter((word) => !['--no-audit', '--no-fund'].includes(word))
        .map((word) => (word === 'TARBALL' ? 'surefoot' : word.replace(/(?<=.)@[^@/]*$/, '')))
        .map((word) => (word === 'first' ? '"first"' : word))
        .join(' '),
    )
    .map((command) => `\`${command}\``)
    .join(', ');
