import type { Traits } from '../../dialect/dialect.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { SqlSyntax } from '../../kernel/sql-text.ts';

/** The oldest major version that Surefoot works with. */
export const oldestSupported = 14;

/** Facts of a PostgreSQL server of that version. PGlite is one too. */
export function postgresTraits(version: Traits['version']): Traits {
  return {
    flavor: 'postgres',
    version,
    transactionalDdl: true,
    rebuildsTables: false,
    namedEnums: true,
    namespaces: true,
    maxIdentifier: { length: 63, unit: 'bytes' },
    // Relations are of one catalogue (pg_class), and every table and view has a type of its name (pg_type).
    sharedNames: [
      { kinds: ['table', 'view', 'sequence', 'index', 'unique', 'primary-key'], ignoresCase: false },
      { kinds: ['table', 'view', 'enum'], ignoresCase: false },
    ],
    maxParameters: 65535,
  };
}

/** The newest supported server, for work without a connection. */
export const defaultPostgresTraits: Traits = postgresTraits([18, 0, 0]);

export const postgresSyntax: SqlSyntax = {
  dollarQuotes: true,
  backslashEscapes: false,
  hashComments: false,
  nestedComments: true,
  doubleQuotedStrings: false,
  compoundBodies: false,
};

/** `server_version_num` (140012, 180004) as a version. */
export function versionOf(serverVersionNum: number): Traits['version'] {
  return [Math.floor(serverVersionNum / 10000), serverVersionNum % 10000, 0];
}

/** Refuses a server that is too old. */
export function assertSupported(version: Traits['version'], database: string): void {
  if (version[0] >= oldestSupported) return;
  throw new SurefootError(
    'database/unsupported',
    `The database ${database} runs on PostgreSQL ${version[0]}.${version[1]}.`,
    {
      details: { database, version: `${version[0]}.${version[1]}` },
      hint: `Surefoot works with PostgreSQL ${oldestSupported} and newer.`,
    },
  );
}
