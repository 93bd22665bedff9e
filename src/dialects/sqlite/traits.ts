import type { Traits } from '../../dialect/dialect.ts';
import type { SqlSyntax } from '../../kernel/sql-text.ts';

/** How SQLite's SQL is cut into tokens. */
export const sqliteSyntax: SqlSyntax = {
  dollarQuotes: false,
  backslashEscapes: false,
  hashComments: false,
  nestedComments: false,
  doubleQuotedStrings: false,
  compoundBodies: true,
};

/** The facts of a current SQLite, for work without a connection. */
export const defaultSqliteTraits: Traits = sqliteTraits([3, 53, 0]);

/** The facts of a SQLite of that version. */
export function sqliteTraits(version: Traits['version']): Traits {
  return {
    flavor: 'sqlite',
    version,
    transactionalDdl: true,
    rebuildsTables: true,
    namedEnums: false,
    namespaces: false,
    // SQLite has no limit of its own; this one keeps generated names readable and portable.
    maxIdentifier: { length: 255, unit: 'characters' },
    sharedNames: [
      { kinds: ['table', 'view', 'index'], ignoresCase: true },
      { kinds: ['trigger'], ignoresCase: true },
    ],
    maxParameters: 32_766,
  };
}

/** `3.53.4` as numbers. */
export function parseVersion(text: string): Traits['version'] {
  const [major = 3, minor = 0, patch = 0] = text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, patch];
}
