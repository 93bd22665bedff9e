// Throw-away databases of PostgreSQL: in the process, or beside the others of a server.
// In: a statement. Out: whether it may run there. Must not know what the statement is for.

import type { Connection } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import type { ScratchDefaults, ScratchSupport, ScratchVerdict } from '../../dialect/scratch.ts';
import { firstKeywords } from '../../kernel/sql-text.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { postgresSyntax } from './traits.ts';

/** Columns of pg_database differ between versions: asked as JSON, those that are missing are null. */
const defaultsQuery = `SELECT pg_encoding_to_char(encoding) AS encoding, to_jsonb(d)->>'datcollate' AS collate,
  to_jsonb(d)->>'datctype' AS ctype, coalesce(to_jsonb(d)->>'datlocprovider', 'c') AS provider,
  coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale') AS locale,
  (SELECT json_agg(name) FROM unnest(current_schemas(false)) AS name)::text AS path,
  (SELECT coalesce(json_agg(json_build_array(e.extname, n.nspname, e.extversion) ORDER BY e.extname), '[]'::json)
    FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname <> 'plpgsql')::text AS extensions
FROM pg_catalog.pg_database d WHERE datname = current_database()`;

async function defaults(connection: Connection): Promise<ScratchDefaults> {
  const row = (await connection.query(defaultsQuery)).rows[0];
  const names = ['encoding', 'collate', 'ctype', 'provider', 'locale', 'path', 'extensions'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = textOf(row, name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Rights, upkeep, and what belongs to a session or to the cluster: they leave every schema alone. */
const skipped = words(
  'grant revoke reassign vacuum analyze cluster checkpoint lock notify listen unlisten copy security load',
);
const clusterObjects = words('role user group tablespace database subscription system');
const changing = words('create alter drop');

/** What text of any kind, a body of DO for one, could do to the cluster or to other databases. */
const outside =
  /\b(?:create|alter|drop)\s+(?:role|user|group|tablespace|database|subscription|system)\b|\b(?:dblink|postgres_fdw|pg_terminate_backend|pg_cancel_backend|pg_read_file|pg_write_file|pg_file_write|lo_export|pg_reload_conf|pg_notify)\b|\bcopy\b[^;]*\b(?:from|to)\b/i;

function isSkipped([first = '', second = '', third = '']: readonly string[]): boolean {
  if (skipped.has(first)) return true;
  if (changing.has(first))
    return clusterObjects.has(second) || (second === 'default' && third === 'privileges');
  return (
    first === 'set' &&
    (second === 'role' || (second === 'session' && third === 'authorization') || second === 'local')
  );
}

/** ALTER … OWNER TO: the role may not be there, and a schema has no owners. */
const changesOwner = /^\s*alter\b[^;]*\bowner\s+to\s+(?:"(?:[^"]|"")+"|\w+)\s*;?\s*$/i;
const makesExtension = /^(\s*create\s+extension\s+)(?!if\b)/i;

function judge(sql: string, others: readonly string[] | null): ScratchVerdict {
  const first = firstKeywords(sql, postgresSyntax);
  if (isSkipped(first) || changesOwner.test(sql)) return { kind: 'skip' };
  if (first[0] === 'drop' && first[1] === 'owned')
    return { kind: 'refuse', reason: 'what a role owns is not known elsewhere' };
  if (others !== null && outside.test(sql))
    return { kind: 'refuse', reason: 'it may reach beyond its database' };
  return { kind: 'run', sql: sql.replace(makesExtension, '$1IF NOT EXISTS ') };
}

function locale(given: ScratchDefaults): string {
  const { provider, locale: name } = given as Partial<Record<string, string>>;
  if (name === undefined || provider === 'c') return '';
  return provider === 'i'
    ? ` LOCALE_PROVIDER icu ICU_LOCALE ${quoteLiteral(name)}`
    : ` LOCALE_PROVIDER builtin BUILTIN_LOCALE ${quoteLiteral(name)}`;
}

function create(name: string, given: ScratchDefaults): readonly string[] {
  const options = (['encoding', 'collate', 'ctype'] as const).flatMap((key) => {
    const value = given[key];
    if (value === undefined) return [];
    return [`${key === 'encoding' ? 'ENCODING' : `LC_${key.toUpperCase()}`} ${quoteLiteral(value)}`];
  });
  return [`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ${options.join(' ')}${locale(given)}`];
}

const pathOf = (given: ScratchDefaults): readonly string[] => {
  const path = JSON.parse(given['path'] ?? '[]') as readonly string[];
  return path.length === 0 ? ['public'] : path;
};

const setPath = (given: ScratchDefaults): string =>
  `SET search_path TO ${pathOf(given).map(quoteIdentifier).join(', ')}`;

function setup(given: ScratchDefaults): readonly string[] {
  const extensions = JSON.parse(given['extensions'] ?? '[]') as readonly (readonly [
    string,
    string,
    string,
  ])[];
  return [
    ...pathOf(given).map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)}`),
    setPath(given),
    ...extensions.flatMap(([name, namespace]) => [
      `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(namespace)}`,
      `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} SCHEMA ${quoteIdentifier(namespace)}`,
    ]),
  ];
}

/** `ScratchSupport` of PostgreSQL. */
export const postgresScratch: ScratchSupport = {
  series: ({ version }) => String(version[0]),
  defaults,
  setup,
  judge,
  home: {
    state: `SELECT current_setting('search_path') AS path`,
    enter: (given) => [setPath(given)],
    leave: (row) => [`SELECT set_config('search_path', ${quoteLiteral(textOf(row, 'path') ?? '')}, false)`],
  },
  database: {
    create,
    drop: (name) => `DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`,
    list: 'SELECT datname AS name FROM pg_catalog.pg_database',
    own: 'SELECT datname AS name FROM pg_catalog.pg_database WHERE pg_catalog.pg_get_userbyid(datdba) = current_user',
    enter: () => null,
  },
};
