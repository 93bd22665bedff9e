// Drizzle's models → Schema, by the library's own table configuration.
// In: files and folders of models. Out: Schema. Must not know history, nor reach any server.

import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { importAs } from '../kernel/load-module.ts';
import type { DialectName, Schema } from '../schema/schema.ts';
import { assemble } from './drizzle/assemble.ts';
import { casingOf } from './drizzle/casing.ts';
import type { Entity } from './drizzle/entities.ts';
import { nameOfTable } from './drizzle/entities.ts';
import { entitiesOf, isDrizzle, modulesOf, sourceName } from './drizzle/gather.ts';
import type { Core, Library } from './drizzle/model.ts';
import { mysqlCore } from './drizzle/mysql.ts';
import type { Ink, Pen } from './drizzle/pen.ts';
import { penOf } from './drizzle/pen.ts';
import { withPlainTypes } from './drizzle/plain-types.ts';
import { postgresCore } from './drizzle/postgres.ts';
import { sqliteCore } from './drizzle/sqlite.ts';
import { unreadable } from './load-models.ts';
import type { Source, SourceRequest } from './source.ts';

interface Family {
  readonly core: string;
  /** Bytes in the family's SQL. */
  bytes(hex: string): string;
  open(library: Library, pen: Pen, dialect: Dialect): Core;
}

const families: Readonly<Record<DialectName, Family>> = {
  postgres: {
    core: 'pg-core',
    bytes: (hex) => `'\\x${hex}'::bytea`,
    open: (library, pen, { quote }) => postgresCore(library, pen, quote),
  },
  mysql: { core: 'mysql-core', bytes: (hex) => `(X'${hex}')`, open: mysqlCore },
  sqlite: { core: 'sqlite-core', bytes: (hex) => `X'${hex}'`, open: sqliteCore },
};

interface CasingModule {
  readonly CasingCache: new (casing: string | undefined) => Ink['casing'];
}

/** A part of the user's own copy of the library; one that lacks the part is too old, or too new. */
async function partOf<M>(file: string, part: string): Promise<M> {
  try {
    return await importAs<M>(file, `drizzle-orm/${part}`);
  } catch (cause) {
    if (isSurefootError(cause)) throw cause;
    throw unreadable({ source: sourceName, file }, `drizzle-orm/${part}: ${messageOf(cause)}`, cause);
  }
}

async function openCore({ file }: Entity, { dialect, projectFolder }: SourceRequest): Promise<Core> {
  const { core, bytes, open } = families[dialect.name];
  const library = await partOf<Library>(file, core);
  const { CasingCache } = await partOf<CasingModule>(file, 'casing');
  const casing = new CasingCache(await casingOf(projectFolder));
  return open(library, penOf({ casing, dialect, bytes }), dialect);
}

/** Models of another database's are refused as a whole. */
function refuseStrangers(entities: readonly Entity[], { core }: Family): void {
  const stranger = entities.find((entity) => entity.core !== core);
  if (!stranger) return;
  const { file, whole } = stranger;
  const named = whole === 'table' ? `table ${nameOfTable(stranger.value)}` : `a ${whole}`;
  throw unreadable(
    { source: sourceName, file },
    `${named} is of ${stranger.core}, and the database takes ${core}`,
  );
}

async function readDrizzle(request: SourceRequest): Promise<Schema> {
  const modules = await modulesOf(request.files);
  const entities = await entitiesOf(modules);
  const [first] = entities;
  if (!first) {
    const file = request.files[0] ?? request.projectFolder;
    throw unreadable({ source: sourceName, file }, 'nothing that is exported is a table, a view or a type');
  }
  refuseStrangers(entities, families[request.dialect.name]);
  return withPlainTypes(assemble(entities, await openCore(first, request)), request.dialect);
}

/** Tables of drizzle-orm's pg-core, mysql-core and sqlite-core. */
export const drizzleSource: Source = {
  name: sourceName,
  recognises: isDrizzle,
  read: async (request) => ({ kind: 'schema', schema: await readDrizzle(request) }),
};
