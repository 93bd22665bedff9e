// Sequelize's models → Schema, by Sequelize's own `sync` and the database.
// In: files that export a Sequelize, its models, or functions that define them. Out: the way to make their tables.
// Must not know histories. The user's server is never spoken to: for the time of it the connections are replaced.

import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import type { ModuleExports } from '../kernel/load-module.ts';
import { importAs } from '../kernel/load-module.ts';
import type { DialectName } from '../schema/schema.ts';
import { loadModels, unreadable } from './load-models.ts';
import type { ConnectionManager } from './sequelize-session.ts';
import { sessionFor } from './sequelize-session.ts';
import type { Source, SourceRequest, Workshop } from './source.ts';

const name = 'Sequelize';

/** What Sequelize calls the databases of a family. */
const namesOf: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: ['postgres'],
  mysql: ['mysql', 'mariadb'],
  sqlite: ['sqlite'],
};

/** A table's name, as Sequelize has it. */
type TableName = string | { readonly tableName: string; readonly schema?: string };

interface Model {
  readonly name: string;
  /** By the names of their columns. */
  readonly fieldRawAttributesMap: Readonly<Record<string, { readonly references?: unknown }>>;
  sync(options: object): Promise<unknown>;
  readonly sequelize?: Sequelize;
  getTableName(): TableName;
  readonly associate?: (models: Readonly<Record<string, Model>>) => unknown;
}

/** A Sequelize of version 6, as far as it is used. */
interface Sequelize {
  connectionManager: ConnectionManager;
  readonly dialect: { connectionManager: ConnectionManager };
  readonly options: { logging: unknown; databaseVersion: unknown };
  readonly models: Readonly<Record<string, Model>>;
  readonly modelManager: { getModelsTopoSortedByForeignKey?(): unknown };
  getDialect(): string;
  getQueryInterface(): {
    changeColumn(table: TableName, column: string, attribute: object, options: object): Promise<unknown>;
  };
  sync(options: object): Promise<unknown>;
}

type Define = (sequelize: Sequelize, types: unknown) => unknown;

interface Library {
  readonly Sequelize: new (options: object) => Sequelize;
  readonly DataTypes: unknown;
}

/** What the files export of Sequelize's. */
interface Found {
  readonly instances: readonly Sequelize[];
  /** They make a Sequelize. */
  readonly makers: readonly (() => unknown)[];
  /** They define models on a Sequelize that is given to them. */
  readonly definers: readonly Define[];
}

type Callable = (...given: readonly unknown[]) => unknown;

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const isSequelize = (value: unknown): value is Sequelize =>
  isObject(value) && ['modelManager', 'getQueryInterface', 'define', 'sync'].every((key) => key in value);

/** A model knows its Sequelize once it was defined on one. */
const isModel = (value: unknown): value is Model =>
  typeof value === 'function' &&
  'getTableName' in value &&
  'sequelize' in value &&
  isSequelize(value.sequelize);

const isCallable = (value: unknown): value is Callable =>
  typeof value === 'function' && !/^class\b/.test(String(value));

/** Told by what its author calls the first parameter: `(sequelize, DataTypes) => …`. */
const isDefiner = (value: unknown): value is Define =>
  isCallable(value) &&
  /^(?:async\s*)?(?:(?:function\b[^(]*)?\(\s*sequelize\b|sequelize\s*=>)/.test(String(value));

/** The exports, and what an object among them holds: `module.exports = { sequelize, User }`. */
function entriesIn(exports: ModuleExports): readonly (readonly [string, unknown])[] {
  return Object.entries(exports).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !isSequelize(value)
      ? Object.entries(value)
      : [[key, value] as const],
  );
}

function findIn(exports: ModuleExports): Found {
  const entries = entriesIn(exports);
  const values = entries.map(([, value]) => value);
  const made = values.filter(isSequelize);
  const ofModels = values.filter(isModel).flatMap(({ sequelize }) => sequelize ?? []);
  const makers = entries.flatMap(([key, value]) =>
    isCallable(value) && value.length === 0 && /sequelize/i.test(`${key} ${value.name}`) ? [value] : [],
  );
  return {
    instances: [...new Set([...made, ...ofModels])],
    // A file that exports a Sequelize is asked for no other.
    makers: made.length > 0 ? [] : [...new Set(makers)],
    definers: made.length > 0 ? [] : [...new Set(values.filter(isDefiner))],
  };
}

const placeOf = ({ files }: SourceRequest) => ({ source: name, file: files.join(', ') });

const majorOf = (sequelize: Sequelize): string =>
  String((sequelize.constructor as { readonly version?: unknown }).version).replace(/\..*$/s, '');

function refuseOthers(sequelize: Sequelize, request: SourceRequest): void {
  const major = majorOf(sequelize);
  if (major !== '6')
    throw unreadable(placeOf(request), `they are made with Sequelize ${major}; version 6 is read`);
  const given = sequelize.getDialect();
  const [own = '', ...others] = namesOf[request.dialect.name];
  if (given !== own && !others.includes(given))
    throw unreadable(placeOf(request), `its Sequelize is for ${given}; for this database it is "${own}"`);
}

/** Sequelize as it speaks to the server at hand, with no driver: it is given its connections. */
async function ownSequelize({
  files,
  dialect,
}: SourceRequest): Promise<{ library: Library; own: Sequelize }> {
  const library = await importAs<Library>(files[0] ?? '', 'sequelize');
  const names = namesOf[dialect.name];
  const spoken = names.find((one) => one === dialect.traits.flavor) ?? names[0];
  return { library, own: new library.Sequelize({ dialect: spoken, dialectModule: {}, logging: false }) };
}

async function define(definers: readonly Define[], request: SourceRequest): Promise<Sequelize> {
  const { library, own } = await ownSequelize(request);
  for (const definer of definers) await definer(own, library.DataTypes);
  for (const model of Object.values(own.models)) await model.associate?.(own.models);
  return own;
}

async function readSequelize(request: SourceRequest): Promise<Sequelize> {
  const found = await Promise.all(request.files.map(async (file) => findIn(await loadModels(name, file))));
  const definers = found.flatMap((one) => one.definers);
  const made = await Promise.all(found.flatMap((one) => one.makers).map((make) => make()));
  const other = made.find((one) => !isSequelize(one));
  if (other !== undefined)
    throw unreadable(placeOf(request), 'a function that is named for it makes no Sequelize');
  const instances = new Set([...found.flatMap((one) => one.instances), ...made.filter(isSequelize)]);
  if (definers.length > 0) instances.add(await define(definers, request));
  const [sequelize] = instances;
  if (sequelize !== undefined && instances.size === 1) return sequelize;
  throw unreadable(placeOf(request), `${instances.size} instances of Sequelize are exported; one is read`);
}

interface Place {
  readonly model: string;
  readonly namespace: string | null;
  readonly table: string;
}

function placeOfModel(model: Model): Place {
  const given = model.getTableName();
  const { tableName, schema } = typeof given === 'string' ? { tableName: given } : given;
  return { model: model.name, namespace: schema || null, table: tableName };
}

/** What `sync` would pass over: the second of two models finds its table made. */
function problemIn(places: readonly Place[]): string | null {
  if (places.length === 0) return 'its Sequelize has no models';
  const tables = new Map<string, string>();
  for (const { model, namespace, table } of places) {
    const key = JSON.stringify([namespace, table]);
    const other = tables.get(key);
    if (other !== undefined) return `table ${table} is declared twice, by ${other} and ${model}`;
    tables.set(key, model);
  }
  return null;
}

/** Sequelize creates tables in namespaces, but not the namespaces. */
async function createNamespaces(places: readonly Place[], { dialect, run }: Workshop): Promise<void> {
  if (!dialect.traits.namespaces) return;
  for (const namespace of new Set(places.map((place) => place.namespace)))
    if (namespace !== null) await run(`CREATE SCHEMA IF NOT EXISTS ${dialect.quote(namespace)}`);
}

const versionOf = ({ traits }: Dialect): string => traits.version.join('.');

/** With connections that lead to the workshop; afterwards all is as it was. */
async function connected(sequelize: Sequelize, workshop: Workshop, work: () => Promise<void>): Promise<void> {
  const { connectionManager, dialect, options } = sequelize;
  const { logging, databaseVersion } = options;
  const session = sessionFor(sequelize.getDialect(), workshop);
  sequelize.connectionManager = session;
  dialect.connectionManager = session;
  Object.assign(options, { logging: false, databaseVersion: databaseVersion || versionOf(workshop.dialect) });
  try {
    await work();
  } finally {
    sequelize.connectionManager = connectionManager;
    dialect.connectionManager = connectionManager;
    Object.assign(options, { logging, databaseVersion });
  }
}

/** Makes nothing anew: what is there stays, and nothing is written to the user's log. */
const quiet = { force: false, alter: false, match: undefined, logging: false };

/** The tables, then their foreign keys. Sequelize's own way alters every column, and makes each unique key twice. */
async function syncCycle(sequelize: Sequelize): Promise<void> {
  const models = Object.values(sequelize.models);
  for (const model of models) await model.sync({ ...quiet, withoutForeignKeyConstraints: true });
  for (const model of models) {
    for (const [column, attribute] of Object.entries(model.fieldRawAttributesMap)) {
      if (!attribute.references) continue;
      const told = { ...attribute, unique: false };
      await sequelize.getQueryInterface().changeColumn(model.getTableName(), column, told, quiet);
    }
  }
}

async function sync(sequelize: Sequelize, { dialect }: Workshop): Promise<void> {
  const isCycle = sequelize.modelManager.getModelsTopoSortedByForeignKey?.() === null;
  // Where an alteration copies the table, a foreign key may name one that is not there yet.
  if (isCycle && !dialect.traits.rebuildsTables) await syncCycle(sequelize);
  else await sequelize.sync(quiet);
}

async function make(sequelize: Sequelize, workshop: Workshop, request: SourceRequest): Promise<readonly []> {
  const places = Object.values(sequelize.models).map(placeOfModel);
  const problem = problemIn(places);
  if (problem !== null) throw unreadable(placeOf(request), problem);
  await createNamespaces(places, workshop);
  try {
    await connected(sequelize, workshop, () => sync(sequelize, workshop));
    return [];
  } catch (cause) {
    if (isSurefootError(cause)) throw cause;
    throw unreadable(placeOf(request), messageOf(cause), cause);
  }
}

/** Models of Sequelize 6. */
export const sequelizeSource: Source = {
  name,
  recognises: async (file) => {
    const { instances, makers, definers } = findIn(await file.exports());
    return instances.length + makers.length + definers.length > 0;
  },
  read: async (request) => {
    const sequelize = await readSequelize(request);
    refuseOthers(sequelize, request);
    return { kind: 'made', make: (workshop) => make(sequelize, workshop, request) };
  },
};
