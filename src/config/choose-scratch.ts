// Ways to a throw-away database for a target.
// In: the target, where it is, a URL of the user's for it. Out: ScratchWay[], the best first. Must not know what for.

import type { Connection, Database } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { parseUrl } from '../drivers/connection-info.ts';
import { mysql2Database } from '../drivers/mysql2.ts';
import { nodeSqlite } from '../drivers/node-sqlite.ts';
import { pgDatabase } from '../drivers/pg.ts';
import { pgliteDatabase } from '../drivers/pglite.ts';
import type { DialectName } from '../schema/schema.ts';
import type { ScratchServer, ScratchTarget, ScratchWay } from '../scratch/scratch.ts';
import { openInProcess, openOnServer, unavailable } from '../scratch/scratch.ts';
import { connectDialect } from './choose-dialect.ts';

/** The target of a scratch database, and where it is. */
export interface ScratchChoice {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly database: Database;
  /** The target's URL; `undefined`: the user connected it. */
  readonly url: string | undefined;
  /** A server of the user's choice. */
  readonly scratchUrl: string | undefined;
  readonly folder: string;
}

function inProcess(name: string, make: () => Database, target: ScratchTarget): ScratchWay {
  const connect = (connection: Connection) => connectDialect(target.dialect.name, connection);
  return { name, spellsAlike: 'unknown', open: () => openInProcess(make(), target, connect) };
}

function onServer(name: string, make: () => ScratchServer, target: ScratchTarget): ScratchWay {
  const connect = (connection: Connection) => connectDialect(target.dialect.name, connection);
  return { name, spellsAlike: 'unknown', open: () => openOnServer(make(), target, connect) };
}

const closed = (name: string, reason: string): ScratchWay => ({
  name,
  spellsAlike: 'unknown',
  open: async () => {
    throw unavailable([reason]);
  },
});

const memory = (target: ScratchTarget): ScratchWay =>
  inProcess('SQLite in memory', () => nodeSqlite({ file: ':memory:' }), target);

const pglite = (target: ScratchTarget): ScratchWay =>
  inProcess('PGlite in the process', () => pgliteDatabase({ memory: true }), target);

const families = { 'node-sqlite': 'sqlite', pglite: 'postgres', pg: 'postgres', mysql2: 'mysql' } as const;

/** The server or library that a URL names, whichever database of it. */
function byUrl(url: string, folder: string, target: ScratchTarget): ScratchWay {
  const info = parseUrl(url, folder);
  const family: DialectName = families[info.driver];
  if (family !== target.dialect.name)
    return closed('the scratch URL', `the scratch URL is one of ${family}, the target is not`);
  switch (info.driver) {
    case 'node-sqlite':
      return memory(target);
    case 'pglite':
      return pglite(target);
    case 'pg': {
      const sibling = (name: string) => pgDatabase({ server: { ...info, database: name } });
      const make = () => ({ database: pgDatabase({ server: info }), sibling, owned: true });
      return onServer(`a database on ${info.description}`, make, target);
    }
    case 'mysql2': {
      const make = () => ({ database: mysql2Database({ server: info }), sibling: null, owned: true });
      return onServer(`a database on ${info.description}`, make, target);
    }
  }
}

/** A database beside the target's, over what the user connected. */
function beside(database: Database, target: ScratchTarget): ScratchWay {
  const name = `a database beside that of ${database.description}`;
  const leads = target.dialect.scratch.database?.enter('x') ?? null;
  if (leads === null || database.sessions === 'one')
    return closed(name, `${database.description} gives no session in another database`);
  return onServer(name, () => ({ database, sibling: null, owned: false }), target);
}

/** The ways to a throw-away database, the best first. Opens nothing; asks the target for its defaults. */
export async function scratchWays(choice: ScratchChoice): Promise<{
  readonly ways: readonly ScratchWay[];
  readonly target: ScratchTarget;
}> {
  const { dialect, connection, database, url, scratchUrl, folder } = choice;
  const target = { dialect, defaults: await dialect.scratch.defaults(connection) };
  if (dialect.name === 'sqlite') return { ways: [memory(target)], target };
  if (scratchUrl !== undefined) return { ways: [byUrl(scratchUrl, folder, target)], target };
  const own = url === undefined ? beside(database, target) : byUrl(url, folder, target);
  if (dialect.name === 'mysql') return { ways: [own], target };
  const isServer =
    url === undefined || families[parseUrl(url, folder).driver] !== 'postgres' || !url.startsWith('pglite');
  return { ways: isServer ? [pglite(target), own] : [pglite(target)], target };
}
