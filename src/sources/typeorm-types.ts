// What is used of TypeORM, as its versions 0.3 and 1 have it, and how its objects are told without loading it.
// In: what a file exports. Out: data sources and entities. Must not know a database.

import type { ModuleExports } from '../kernel/load-module.ts';

/** The options of a `DataSource`. */
export type DataSourceOptions = Readonly<Record<string, unknown>>;

export interface EntityMetadata {
  readonly name: string;
  readonly tableName: string;
  readonly tablePath: string;
  readonly tableType: string;
  readonly schema?: string | undefined;
  readonly database?: string | undefined;
  readonly synchronize: boolean;
}

export interface QueryRunner {
  hasTable(path: string): Promise<boolean>;
  dropTable(path: string): Promise<void>;
  release(): Promise<void>;
}

/** A `DataSource`. */
export interface DataSource {
  readonly options: DataSourceOptions;
  readonly isInitialized: boolean;
  readonly metadataTableName: string;
  readonly entityMetadatas: readonly EntityMetadata[];
  readonly driver: {
    readonly schema?: string | undefined;
    readonly database?: string | undefined;
    connect(): Promise<void>;
    afterConnect(): Promise<void>;
    buildTableName(table: string, schema?: string, database?: string): string;
  };
  buildMetadatas(): Promise<void>;
  synchronize(): Promise<void>;
  createQueryRunner(): QueryRunner;
  destroy(): Promise<void>;
}

export type DataSourceClass = new (options: DataSourceOptions) => DataSource;

/** TypeORM marks its objects, so that they are told across several copies of it. */
const isMarked = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && Reflect.get(value, '@instanceof') === Symbol.for(name);

export const isDataSource = (value: unknown): value is DataSource => isMarked(value, 'DataSource');

interface Decorated {
  readonly tables: readonly { readonly target: unknown }[];
}

/** The classes that its decorators have noted; it keeps them where every copy of it finds them. */
export function decoratedClasses(): readonly unknown[] {
  const storage = Reflect.get(globalThis, 'typeormMetadataArgsStorage') as Decorated | undefined;
  return storage?.tables.map(({ target }) => target) ?? [];
}

/** The entities among values, and in lists of them. */
export function entitiesIn(values: readonly unknown[]): readonly unknown[] {
  const decorated = new Set(decoratedClasses());
  const all = values.flatMap((value) => (Array.isArray(value) ? value : [value]));
  return [...new Set(all.filter((value) => isMarked(value, 'EntitySchema') || decorated.has(value)))];
}

/** The data sources that a file exports, each once. */
export const dataSourcesIn = (exports: ModuleExports): readonly DataSource[] => [
  ...new Set(Object.values(exports).filter(isDataSource)),
];
