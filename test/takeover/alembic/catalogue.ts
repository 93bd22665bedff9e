// In: a database. Out: its schema as its own catalogue tells it, one line for each column, key, constraint and index.
// Must not know: who made it. Surefoot's introspection has no part in it.

import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import type { Engine } from '../../servers/index.ts';
import { mysqlUri } from '../../servers/probe.ts';

type Row = readonly unknown[];

export interface Catalogue {
  /** `isGiven`: the name was written by an author; a name that the server or the tool made up is not compared. */
  read(isGiven: (name: string) => boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}

const own = /^(alembic_version|surefoot_.*|sqlite_.*)$/;

/** Words of a line; blanks and quotes within them do not count. */
const line = (row: Row): string =>
  row
    .map((one) => (one === null || one === undefined ? '-' : String(one).replaceAll(/\s+/g, ' ').trim()))
    .join(' | ');

/** Texts in parentheses behind a word, with all that nests in them. */
function clauses(sql: string, word: RegExp): readonly string[] {
  const found: string[] = [];
  for (const match of sql.matchAll(word)) {
    const from = match.index + match[0].length;
    let depth = 1;
    let at = from;
    while (at < sql.length && depth > 0) {
      const char = sql[at];
      if (char === "'") at = sql.indexOf("'", at + 1);
      if (char === '(') depth += 1;
      if (char === ')') depth -= 1;
      at += 1;
    }
    found.push(sql.slice(from, at - 1));
  }
  return found;
}

/** SQL in which only what matters is left: no quotes around plain names, no blanks that could be others. */
const plainSql = (sql: string): string =>
  sql
    .replaceAll(/["`]([a-z_]\w*)["`]/gi, '$1')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\s*([(),=<>])\s*/g, '$1')
    .trim();

/** `(…)` around the whole says nothing. */
function unwrapped(sql: string): string {
  const text = sql.trim();
  const [inner] = text.startsWith('(') ? clauses(text, /^\(/g) : [];
  return inner !== undefined && inner.length === text.length - 2 ? unwrapped(inner) : text;
}

/** What SQLite takes for the same: it keeps the word, and looks at the affinity only. */
const sameTypes: Readonly<Record<string, string>> = {
  datetime: 'timestamp',
  doubleprecision: 'float',
  double: 'float',
  real: 'float',
  int: 'integer',
  decimal: 'numeric',
};

const typeOf = (text: string): string => {
  const [, word = '', size = ''] = /^([^(]*)(.*)$/.exec(text.replaceAll(' ', '')) ?? [];
  return (sameTypes[word] ?? word) + size;
};

/** `'1'` in a column of numbers is 1. */
function usualOf(text: string, type: string): string {
  const plain = unwrapped(text);
  const [, number] = /^'(-?\d+(?:\.\d+)?)'$/.exec(plain) ?? [];
  return number !== undefined && /^(bool|int|numeric|float|small|big)/.test(type) ? number : plain;
}

function sqlite(url: string): Catalogue {
  const db = new DatabaseSync(url.slice('sqlite:'.length));
  const rows = (sql: string, ...given: readonly string[]): readonly Row[] => {
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    return statement.all(...given) as unknown as readonly Row[];
  };
  const table = (name: string, sql: string, isGiven: (name: string) => boolean): readonly string[] => [
    ...rows(
      'SELECT name, lower(type), "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)',
      name,
    ).map(([column, type, required, usual, key, hidden]) =>
      line([
        'column',
        name,
        column,
        typeOf(String(type)),
        key === 0 ? required : 'key',
        usual === null ? null : usualOf(String(usual), typeOf(String(type))),
        key,
        hidden,
      ]),
    ),
    ...rows('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', name).map(
      ([index, unique, origin, partial]) => {
        const parts = rows(
          'SELECT name, "desc", coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno',
          String(index),
        );
        const [text] = rows("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?", String(index));
        const behind = text?.[0] ? plainSql(String(text[0])).replace(/^.*? ON /i, '') : '';
        const shown = origin === 'c' && isGiven(String(index)) ? index : '*';
        return line(['index', name, shown, unique, origin, partial, JSON.stringify(parts), behind]);
      },
    ),
    ...[
      ...Map.groupBy(
        rows(
          'SELECT id, "table", "from", coalesce("to", \'\'), on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq',
          name,
        ),
        ([id]) => id,
      ).values(),
    ].map((parts) => line(['foreign key', name, ...parts.map(([, ...part]) => part.join())])),
    ...clauses(sql, /\bcheck\s*\(/gi).map((text) => line(['check', name, plainSql(unwrapped(text))])),
    ...clauses(sql, /\bas\s*\(/gi).map((text) => line(['generated', name, plainSql(unwrapped(text))])),
    ...(/\bautoincrement\b/i.test(sql) ? [line(['counter', name])] : []),
  ];
  return {
    read: async (isGiven) => {
      const all = rows(
        "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'view', 'trigger')",
      );
      return all
        .filter(([, name]) => !own.test(String(name)))
        .flatMap(([type, name, sql]) =>
          type === 'table'
            ? table(String(name), String(sql), isGiven)
            : [line([type, name, plainSql(String(sql)).replace(/^create.*? as /i, '')])],
        )
        .toSorted();
    },
    close: async () => db.close(),
  };
}

const outside = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;
const notOwn = `c.relname !~ '^(alembic_version|surefoot_)'`;
/** Objects of extensions are theirs. */
const notOf = (catalogue: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '${catalogue}'::regclass AND x.objid = ${oid} AND x.deptype = 'e')`;

/** The same in other words. */
const sameWords = (text: string): string =>
  text
    .replaceAll('now()', 'CURRENT_TIMESTAMP')
    .replaceAll(/'(-?\d+(?:\.\d+)?)'::(?:smallint|integer|bigint|numeric|real|double precision)/g, '$1');

/** The name stands in the second place of each row that has one. */
const postgresQueries = [
  `SELECT 'column', '', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
     pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum), nullif(a.attcollation, t.typcollation)::regcollation
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE ${outside} AND ${notOwn} AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped`,
  `SELECT 'table', '', n.nspname, c.relname, c.relkind, obj_description(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${outside} AND ${notOwn} AND c.relkind IN ('r', 'p')`,
  `SELECT 'index', x.relname, n.nspname, c.relname, replace(pg_get_indexdef(i.indexrelid), quote_ident(x.relname) || ' ON', 'ON'), i.indisvalid
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${outside} AND ${notOwn} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`,
  `SELECT 'constraint', k.conname, n.nspname, c.relname, pg_get_constraintdef(k.oid), k.convalidated FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${outside} AND ${notOwn} AND k.contype <> 'n'`,
  `SELECT 'view', '', n.nspname, c.relname, c.relkind, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${outside} AND c.relkind IN ('v', 'm') AND ${notOf('pg_class', 'c.oid')}`,
  `SELECT 'trigger', '', pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND ${notOwn}`,
  `SELECT 'enum', '', n.nspname, t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e
     JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace GROUP BY n.nspname, t.typname`,
  `SELECT 'routine', '', pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE ${outside} AND p.prokind IN ('f', 'p') AND ${notOf('pg_proc', 'p.oid')}`,
  `SELECT 'sequence', '', schemaname, sequencename, data_type, start_value, increment_by, cycle FROM pg_sequences
     WHERE sequencename !~ '^surefoot_'`,
  `SELECT 'namespace', '', nspname FROM pg_namespace n WHERE ${outside} AND nspname !~ '^pg_'`,
  `SELECT 'extension', '', extname FROM pg_extension WHERE extname <> 'plpgsql'`,
];

async function postgres(url: string): Promise<Catalogue> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    read: async (isGiven) => {
      const found: string[] = [];
      for (const text of postgresQueries) {
        const { rows } = await client.query({ text, rowMode: 'array' });
        for (const [kind, name, ...rest] of rows as unknown as readonly Row[])
          found.push(sameWords(line([kind, name !== '' && !isGiven(String(name)) ? '*' : name, ...rest])));
      }
      return found.toSorted();
    },
    close: () => client.end(),
  };
}

const mysqlQueries = [
  `SELECT 'column', '', table_name, column_name, column_type, is_nullable, column_default, extra, collation_name, column_comment,
     generation_expression FROM information_schema.columns WHERE table_schema = database()`,
  `SELECT 'table', '', table_name, engine, table_collation, table_comment, create_options FROM information_schema.tables
     WHERE table_schema = database() AND table_type = 'BASE TABLE'`,
  `SELECT 'index', index_name, table_name, non_unique, group_concat(concat(ifnull(column_name, ''), ' ', ifnull(sub_part, ''), ' ', ifnull(collation, '')) ORDER BY seq_in_index), index_type
     FROM information_schema.statistics WHERE table_schema = database() GROUP BY table_name, index_name, non_unique, index_type`,
  `SELECT 'foreign key', k.constraint_name, k.table_name, group_concat(k.column_name ORDER BY k.ordinal_position), k.referenced_table_name,
     group_concat(k.referenced_column_name ORDER BY k.ordinal_position), r.update_rule, r.delete_rule FROM information_schema.key_column_usage k
     JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
     WHERE k.table_schema = database() GROUP BY k.table_name, k.constraint_name, k.referenced_table_name, r.update_rule, r.delete_rule`,
  `SELECT 'view', '', table_name, view_definition FROM information_schema.views WHERE table_schema = database()`,
  `SELECT 'check', constraint_name, table_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = database()`,
  `SELECT 'trigger', '', trigger_name, event_object_table, action_statement FROM information_schema.triggers WHERE trigger_schema = database()`,
];

/** The width of a whole number is of its display, and this row format is the usual one. */
const plainMysql = (text: string): string =>
  text.replaceAll(/\b((?:small|medium|big)?int)\(\d+\)/g, '$1').replaceAll('row_format=DYNAMIC', '');

async function mysql(url: string): Promise<Catalogue> {
  const connection = await createConnection({ uri: mysqlUri(url) });
  const name = `\`${new URL(url).pathname.slice(1)}\`.`;
  return {
    read: async (isGiven) => {
      const found: string[] = [];
      for (const sql of mysqlQueries) {
        const [rows] = await connection.query({ sql, rowsAsArray: true });
        for (const [kind, given, ...rest] of rows as unknown as readonly Row[]) {
          if (own.test(String(rest[0]))) continue;
          // A key without a name is named for its first column, and keeps that name when the column has another.
          const ofColumn =
            kind === 'index' &&
            (/^[a-z]+$/.test(String(given)) || String(rest[2]).startsWith(`${String(given)} `));
          const isKept = given === '' || given === 'PRIMARY' || (isGiven(String(given)) && !ofColumn);
          const shown = isKept ? given : '*';
          found.push(plainMysql(line([kind, shown, ...rest]).replaceAll(name, '')));
        }
      }
      return found.toSorted();
    },
    close: () => connection.end(),
  };
}

/** The catalogue of a database. */
export async function openCatalogue(engine: Engine, url: string): Promise<Catalogue> {
  if (engine === 'sqlite') return sqlite(url);
  return engine === 'mariadb' || engine === 'mysql9' ? await mysql(url) : await postgres(url);
}
