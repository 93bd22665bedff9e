// The shape of a project's configuration.
// In: nothing. Out: SurefootConfig, defineConfig. Must not know where a config comes from.

import type { Connection } from '../dialect/connection.ts';
import type { Naming, NamingKind } from '../dialect/dialect.ts';
import type { TargetWish } from '../fleet/target.ts';
import type { WaveSize } from '../fleet/waves.ts';
import type { Operation } from '../operations/operation.ts';
import type { Schema } from '../schema/schema.ts';
import type { ObjectFilter } from '../schema/select.ts';

/** Names for what its author left unnamed: a function, or patterns with `{table}` and `{columns}` for some kinds. */
export type NamingOption = Naming | Readonly<Partial<Record<NamingKind, string>>>;

/** What may differ from one environment to the next. Relative paths are relative to the project folder. */
export interface EnvironmentConfig {
  /** Where the database is. Without it the variable DATABASE_URL says. */
  readonly url?: string | undefined;
  /** The folder of the revisions, or several. Default: `./migrations`. */
  readonly migrations?: string | readonly string[] | undefined;
  /** The file that declares the wanted schema, or several. */
  readonly models?: string | readonly string[] | undefined;
  /** Default: `surefoot_version`. `alembic_version` continues an Alembic database. */
  readonly versionTable?: string | undefined;
  /** The namespace of Surefoot's own tables, where the server has such. Default: the session's. */
  readonly versionNamespace?: string | undefined;
  readonly naming?: NamingOption | undefined;
  /** How long a runner waits for another one, in milliseconds. Default: 60 000. */
  readonly lockTimeoutMs?: number | undefined;
  /** How long a statement waits for the locks of others before it lets them pass, in milliseconds. Default: 5 000. */
  readonly tableLockTimeoutMs?: number | undefined;
  /** How often it is tried again. Default: 10. */
  readonly tableLockRetries?: number | undefined;
  /** How long a statement waits that is in nobody's way (CREATE INDEX CONCURRENTLY), in milliseconds. Default: 3 600 000. */
  readonly concurrentWaitMs?: number | undefined;
  /** Where runs go instead of `url`: past a pooler that lends sessions for a transaction, to the server itself. */
  readonly directUrl?: string | undefined;
  /** A server on which throw-away databases may be created. Default: in the process, else beside the database itself. */
  readonly scratchUrl?: string | undefined;
  /** The folder of the database's own programs (pg_dump, mysqldump). Default: they are looked for on the PATH. */
  readonly clientTools?: string | undefined;
  /** Tables and other objects that are none of our business: names with `*` as a wildcard, `namespace.name` or `name`. */
  readonly ignore?: readonly string[] | undefined;
  readonly lint?: LintConfig | undefined;
  readonly online?: OnlineConfig | undefined;
  readonly rehearsal?: RehearsalConfig | undefined;
  readonly autogenerate?: AutogenerateConfig | undefined;
  readonly fleet?: FleetConfig | undefined;
  /** Put aside what dropped columns and tables hold. Default: true. */
  readonly keep?: boolean | KeepConfig | undefined;
}

/** What is kept of what is dropped, and for how long. */
export interface KeepConfig {
  /** Of a column with more values nothing is kept, nor of a table with more rows that has to be copied. Default: 1 000 000. */
  readonly maxRows?: number | undefined;
  /** So many days; then the next run lets it go. Default: until somebody drops it. */
  readonly days?: number | undefined;
}

/** The databases of a fleet, and how many are worked on. All that is named here belongs to it, in this order. */
export interface FleetConfig {
  /** URLs, or more about each. */
  readonly targets?: readonly (string | TargetWish)[] | undefined;
  /** A file with a URL, or an object as JSON, on each line. */
  readonly file?: string | undefined;
  /**
   * A SELECT on a control database. Its columns are `url`, or `schema` (of the control database itself), and besides
   * `name` and `direct_url`. The first column must be unique: the list is read by it, page by page.
   */
  readonly query?: { readonly url?: string | undefined; readonly sql: string } | undefined;
  /** A pattern, as of LIKE, for schemas of one database; on MySQL and MariaDB for databases of one server. */
  readonly schemas?: string | { readonly url?: string | undefined; readonly like: string } | undefined;
  /** How many at once. Default: 8. */
  readonly concurrency?: number | undefined;
  /** How many of them on one server. Default: 4. */
  readonly perServer?: number | undefined;
  /** How many targets each wave has; the rest is the last one. Default: `[1, '10%']`. */
  readonly waves?: readonly WaveSize[] | undefined;
  /** The share of a wave that may fail; above it nothing more is started. Default: `'10%'`. */
  readonly stopAbove?: number | string | undefined;
  /** `redis://…`: targets are worked on by `surefoot fleet worker`, wherever it runs. */
  readonly queue?: string | undefined;
}

/** What a rewriting of operations may look at. */
export interface RewriteContext {
  /** The schema before the operations. */
  readonly before: Schema;
  /** The schema that the models declare. */
  readonly models: Schema;
  readonly message: string;
}

/** What autogenerate is told. */
export interface AutogenerateConfig {
  /** Only these are compared: names with `*` as a wildcard, or a function that says yes. Default: all. */
  readonly include?: ObjectFilter | undefined;
  /** These are not compared. */
  readonly exclude?: ObjectFilter | undefined;
  /** Changes the operations before they are written: leaves some out, puts others in, in another order. */
  readonly rewrite?:
    | ((
        operations: readonly Operation[],
        context: RewriteContext,
      ) => readonly Operation[] | Promise<readonly Operation[]>)
    | undefined;
  /** A command for each file that is written, as a text or as words; `{file}` stands for the file, else it comes last. */
  readonly format?: string | readonly string[] | undefined;
  /** Answers about names, for everybody. Default: `renames.json` beside the revisions. */
  readonly hints?: string | undefined;
}

/** Rows of the user's own for a rehearsal, written on a throw-away database. */
export type Seed = (connection: Pick<Connection, 'query'>) => Promise<void>;

/** What a rehearsal is told. */
export interface RehearsalConfig {
  /** A file with the SQL that the running release sends. Default: a SELECT of every column of each table. */
  readonly queries?: string | undefined;
  /** By revision: rows to be there before it runs, besides those that are made up. */
  readonly seeds?: Readonly<Record<string, Seed>> | undefined;
}

/** How large tables are changed while they are used. All but `replicas` is for MySQL and MariaDB. */
export interface OnlineConfig {
  /** URLs of replicas: a backfill waits while one is too far behind, or cannot be reached. Default: those that the server sees. */
  readonly replicas?: readonly string[] | undefined;
  /** Up to this size, in bytes or as `'64MB'` (default), a table is copied by the server itself while writers wait. */
  readonly copyLimit?: number | string | undefined;
  /** The program that copies larger ones: `pt-online-schema-change` or `gh-ost`. Default: none, it is refused. */
  readonly tool?: 'pt-online-schema-change' | 'gh-ost' | undefined;
  /** Where it is. Default: by its name on the PATH. */
  readonly program?: string | undefined;
  /** Further arguments of it. */
  readonly arguments?: readonly string[] | undefined;
}

/** What lint is told. */
export interface LintConfig {
  /** By rule: another severity, or `off`. */
  readonly rules?: Readonly<Record<string, 'error' | 'warning' | 'info' | 'off'>> | undefined;
  /** Rows up to which a table is small, and from which it is large. Default: 10,000 and 10,000,000. */
  readonly tableSizes?: { readonly small?: number; readonly large?: number } | undefined;
  /** Statistics to read sizes from: a file that `surefoot stats` wrote. Default: `stats.json` beside the revisions. */
  readonly statistics?: string | undefined;
  /** The application's sources, searched for columns and tables that go. Default: none. */
  readonly sources?: readonly string[] | undefined;
}

/** The configuration of a project. */
export interface SurefootConfig extends EnvironmentConfig {
  /** Named variants: `--env production` lays one over the rest. */
  readonly environments?: Readonly<Record<string, EnvironmentConfig>> | undefined;
}

/** What a config may ask before it answers. */
export interface ConfigContext {
  /** The name given with `--env`. */
  readonly environment: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A config file exports one of these. */
export type ConfigExport =
  | SurefootConfig
  | ((context: ConfigContext) => SurefootConfig | Promise<SurefootConfig>);

/** Gives the config back as it is; the editor knows its members. */
export function defineConfig<C extends ConfigExport>(config: C): C {
  return config;
}
