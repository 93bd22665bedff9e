// A throw-away database for migrations that are code.
// In: the family, the project's options. Out: Scratch. Must not know what is run on it.

import { connectDialect, openDatabase } from '../config/choose-dialect.ts';
import { scratchWays } from '../config/choose-scratch.ts';
import type { DialectName } from '../schema/schema.ts';
import type { Scratch } from '../scratch/scratch.ts';
import { tryWay, unavailable } from '../scratch/scratch.ts';
import type { SurefootOptions } from './api.ts';
import type { Opened } from './open.ts';

/** A database in the process to start from, where no other was named. */
const standIns: Readonly<Record<DialectName, string | null>> = {
  sqlite: 'sqlite::memory:',
  postgres: 'pglite:',
  mysql: null,
};

async function firstWay(ways: Awaited<ReturnType<typeof scratchWays>>['ways']): Promise<Scratch> {
  const reasons: string[] = [];
  for (const way of ways) {
    const opened = await tryWay(way);
    if (typeof opened !== 'string') return opened;
    reasons.push(opened);
  }
  throw unavailable(reasons);
}

/** An empty database of a family: beside the project's own where that is of the family, else in the process. */
export async function openImportScratch(
  wanted: DialectName,
  options: SurefootOptions,
  { opened, folder }: { readonly opened: Opened | null; readonly folder: string },
): Promise<Scratch> {
  const { scratchUrl } = options;
  if (opened !== null && opened.dialect.name === wanted) {
    const { dialect, connection, database } = opened;
    const found = await scratchWays({ dialect, connection, database, url: options.url, scratchUrl, folder });
    return await firstWay(found.ways);
  }
  const url = scratchUrl ?? standIns[wanted];
  if (url === null) throw unavailable(['no server of this family was named']);
  const { database, dialectName } = await openDatabase({ url, folder, reading: true });
  const connection = await database.connect();
  try {
    const { dialect } = await connectDialect(dialectName, connection);
    const found = await scratchWays({ dialect, connection, database, url, scratchUrl, folder });
    return await firstWay(found.ways);
  } finally {
    await connection.close();
    await database.close();
  }
}
