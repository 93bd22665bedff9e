// Migrations that another tool left in a project. In: its folder. Out: where they are, and whose. Must not know what they say.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere, readIfThere } from '../files.ts';

/** What is there already. */
export interface OtherHistory {
  /** From the folder of the project. */
  readonly folder: string;
  /** As `surefoot import` calls it; `null`: nothing tells. */
  readonly tool: string | null;
}

/** Files that only one tool writes, and what they stand for. */
const marks: readonly (readonly [file: string, folder: string, tool: string])[] = [
  ['prisma/migrations/migration_lock.toml', 'prisma/migrations', 'prisma'],
  ['drizzle/meta/_journal.json', 'drizzle', 'drizzle'],
  ['alembic.ini', '.', 'alembic'],
  ['migrations/alembic.ini', 'migrations', 'alembic'],
];

const toolOfLibrary = new Map([
  ['Drizzle', 'drizzle'],
  ['Knex', 'knex'],
  ['Kysely', 'kysely'],
  ['MikroORM', 'mikro-orm'],
  ['Prisma', 'prisma'],
  ['Sequelize', 'sequelize'],
  ['TypeORM', 'typeorm'],
]);

/** True for a folder with files of which none is a revision of Surefoot's. */
async function isOfOthers(folder: string): Promise<boolean> {
  if (!(await isThere(folder))) return false;
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  for (const name of names) {
    const text = await readIfThere(join(folder, name));
    if (/['"]surefoot['"]|^--\s*revises:/m.test(text ?? '')) return false;
  }
  return names.length > 0;
}

/** What another tool has in the folder that Surefoot would take, or elsewhere. */
export async function otherHistory(folder: string, library: string | null): Promise<OtherHistory | null> {
  for (const [file, place, tool] of marks) {
    if (await isThere(join(folder, file))) return { folder: place, tool };
  }
  if (!(await isOfOthers(join(folder, 'migrations')))) return null;
  return { folder: 'migrations', tool: toolOfLibrary.get(library ?? '') ?? null };
}
