// In: a stage. Out: the application with its three databases, and Surefoot on each.
// Must not know: what is told about them.

import { cpSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSurefoot, type Surefoot } from 'surefoot';
import { type Queries, queriesFor } from '../../examples/todobox/queries.ts';
import schema from '../../examples/todobox/schema.ts';
import type { DemoDatabase, Stage } from './stage.ts';

const todobox = join(import.meta.dirname, '../../examples/todobox');

export const revisions = {
  oauth: '366e5694a9ad',
  apiToken: '3e5106ee570c',
  dropTokenCreatedAt: 'c682ef478e45',
  safety: 'd1f2e3c4b5a6',
} as const;

/** One installation of the application. */
export interface Installation {
  readonly database: DemoDatabase;
  readonly queries: Queries;
  readonly surefoot: Surefoot;
  /** Surefoot as it was before anybody had written the safety revision. */
  readonly before: Surefoot;
}

export interface World {
  readonly development: Installation;
  readonly staging: Installation;
  readonly production: Installation;
}

/** The folder of the revisions without the last one. */
function earlierMigrations(stage: Stage): string {
  const folder = join(stage.folder, 'migrations');
  cpSync(join(todobox, 'migrations'), folder, {
    recursive: true,
    filter: (file) => !file.includes(`_${revisions.safety}_`),
  });
  return folder;
}

async function install(stage: Stage, role: string, earlier: string): Promise<Installation> {
  const database = await stage.make(role);
  const who = { osUser: process.env['USER'] ?? null, host: hostname(), pid: process.pid };
  const open = (migrations: string): Surefoot =>
    createSurefoot({ ...database.target, projectFolder: todobox, migrations, who });
  return {
    database,
    queries: queriesFor(database.kind),
    surefoot: open('./migrations'),
    before: open(earlier),
  };
}

export async function createWorld(stage: Stage): Promise<World> {
  const earlier = earlierMigrations(stage);
  return {
    development: await install(stage, 'development', earlier),
    staging: await install(stage, 'staging', earlier),
    production: await install(stage, 'production', earlier),
  };
}

/** What the table `user` has: its columns, and those of the model's indexes that are there. */
export async function partsOf({ database, surefoot }: Installation): Promise<ReadonlySet<string>> {
  const user = database.kind === 'mysql' ? '`user`' : '"user"';
  const [row = {}] = await database.query(`SELECT * FROM ${user}`);
  const text = await surefoot.dump();
  return new Set([...Object.keys(row), ...modelIndexes.filter((name) => text.includes(name))]);
}

const modelIndexes = schema.tables.flatMap(({ indexes }) =>
  indexes.flatMap(({ name }) => (name === null ? [] : [name])),
);

/** What the model declares. */
export const modelParts: readonly string[] = [
  ...schema.tables.flatMap(({ columns }) => columns.map(({ name }) => name)),
  ...modelIndexes,
];
