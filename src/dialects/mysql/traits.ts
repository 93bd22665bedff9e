import type { Connection, Row } from '../../dialect/connection.ts';
import type { ServerFacts, Traits } from '../../dialect/dialect.ts';
import { textOf } from '../../dialect/rows.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import type { SqlSyntax } from '../../kernel/sql-text.ts';

/** What this family knows of a server besides the common traits. */
export interface MysqlTraits extends Traits {
  readonly flavor: 'mysql' | 'mariadb';
  /** The default collation of the current database; `null`: not known, so that none is taken for the default. */
  readonly collation: string | null;
  /** The default collation of each character set, as far as known. */
  readonly collationOf: Readonly<Record<string, string>>;
}

type Version = Traits['version'];

const common = {
  transactionalDdl: false,
  rebuildsTables: false,
  namedEnums: false,
  namespaces: false,
  maxIdentifier: { length: 64, unit: 'characters' },
  sharedNames: [
    { kinds: ['table', 'view'], ignoresCase: false },
    { kinds: ['trigger'], ignoresCase: false },
    { kinds: ['foreign-key'], ignoresCase: true },
  ],
  // The protocol counts placeholders in 16 bits.
  maxParameters: 65_535,
  collation: null,
  collationOf: {},
} as const;

/** A MySQL of which nothing but its family is known. */
export const defaultMysqlTraits: MysqlTraits = {
  ...common,
  // MariaDB has checks by table.
  sharedNames: [...common.sharedNames, { kinds: ['check'], ignoresCase: true }],
  flavor: 'mysql',
  version: [8, 4, 0],
};

/** A MariaDB of which nothing but its family is known. */
export const defaultMariadbTraits: MysqlTraits = { ...common, flavor: 'mariadb', version: [11, 8, 0] };

/** The traits with what this family adds: from a server, or what is known without one. */
export function completeTraits(traits: Traits & Partial<MysqlTraits>): MysqlTraits {
  const flavor = traits.flavor === 'mariadb' ? 'mariadb' : 'mysql';
  return { ...traits, flavor, collation: traits.collation ?? null, collationOf: traits.collationOf ?? {} };
}

/** True if the server is at least of that version. */
export function atLeast(traits: Traits, ...wanted: readonly number[]): boolean {
  for (const [i, part] of wanted.entries()) {
    const own = traits.version[i] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** `8.0.36-0ubuntu1`, `5.5.5-10.11.6-MariaDB`, `11.8.6-MariaDB-log`. */
export function parseVersion(text: string): {
  readonly flavor: 'mysql' | 'mariadb';
  readonly version: Version;
} {
  const flavor = /mariadb/i.test(text) ? 'mariadb' : 'mysql';
  // Old MariaDB servers say that they are a 5.5.5 before they say what they are.
  const own = flavor === 'mariadb' ? text.replace(/^5\.5\.5-/, '') : text;
  const [, major = '0', minor = '0', patch = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(own) ?? [];
  return { flavor, version: [Number(major), Number(minor), Number(patch)] };
}

const factsSql = `
  SELECT VERSION() AS version, DATABASE() AS db, CURRENT_USER() AS account, @@GLOBAL.read_only AS read_only,
    @@collation_database AS collation_database`;

const charsetsSql = `
  SELECT character_set_name AS charset, default_collate_name AS collation
  FROM information_schema.character_sets`;

function factsOf(
  row: Row | undefined,
  charsets: readonly Row[],
): ServerFacts & { readonly traits: MysqlTraits } {
  const text = textOf(row, 'version') ?? '';
  const { flavor, version } = parseVersion(text);
  const defaults = flavor === 'mariadb' ? defaultMariadbTraits : defaultMysqlTraits;
  const collationOf = Object.fromEntries(
    charsets.map((one) => [textOf(one, 'charset') ?? '', textOf(one, 'collation') ?? '']),
  );
  // read_only is a number on most servers and ON, NO_LOCK, … on MariaDB 12.
  const readOnly = !['0', 'OFF', ''].includes((textOf(row, 'read_only') ?? '0').toUpperCase());
  return {
    traits: { ...defaults, version, collation: textOf(row, 'collation_database'), collationOf },
    database: textOf(row, 'db') ?? '',
    namespace: null,
    readOnly,
    replica: false,
    user: textOf(row, 'account') ?? '',
    product: `${flavor === 'mariadb' ? 'MariaDB' : 'MySQL'} ${version.join('.')}`,
  };
}

/** Rows mean that the server follows another one. A member of a group is told by `read_only` alone. */
const replicaSql: Readonly<Record<'mysql' | 'mariadb', string>> = {
  mysql: `SELECT 1 FROM performance_schema.replication_connection_status
    WHERE service_state = 'ON' AND channel_name NOT LIKE 'group_replication%'`,
  mariadb: 'SHOW ALL SLAVES STATUS',
};

async function isReplica(connection: Connection, flavor: 'mysql' | 'mariadb'): Promise<boolean> {
  try {
    return (await connection.query(replicaSql[flavor])).rows.length > 0;
  } catch (error) {
    // Ordinary accounts may not ask. Then `read_only` has to tell, which replicas are told to switch on.
    if (isSurefootError(error, 'database/query-failed') || isSurefootError(error, 'database/denied'))
      return false;
    throw error;
  }
}

/** Asks the server what it is. */
export async function readFacts(
  connection: Connection,
): Promise<ServerFacts & { readonly traits: MysqlTraits }> {
  const answer = await connection.query(factsSql);
  const charsets = await connection.query(charsetsSql);
  const facts = factsOf(answer.rows[0], charsets.rows);
  return { ...facts, replica: await isReplica(connection, facts.traits.flavor) };
}

/** How the family's SQL is cut into tokens. */
export const mysqlSyntax: SqlSyntax = {
  dollarQuotes: false,
  backslashEscapes: true,
  hashComments: true,
  nestedComments: false,
  doubleQuotedStrings: true,
  compoundBodies: true,
};
