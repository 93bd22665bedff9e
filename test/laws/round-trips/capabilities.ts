// What each engine can hold, as far as the quirks of its catalogue go: every type, default, condition, index and view.
// In: an engine. Out: Capabilities, and what they cannot say. Must not know a law.

import type { Schema, Table } from '../../../src/schema/schema.ts';
import { findTable } from '../../../src/schema/schema.ts';
import { legalOn, capabilities as plain } from '../../conformance/capabilities.ts';
import type { Engine } from '../../servers/index.ts';
import type { Capabilities } from '../../support/arbitrary-schema.ts';
import { mariadbRich, mysqlRich } from './capabilities-mysql.ts';
import { postgresRich } from './capabilities-postgres.ts';
import { sqliteRich } from './capabilities-sqlite.ts';

/** By engine. */
export const capabilities: Readonly<Record<Engine, Capabilities>> = {
  sqlite: { ...plain.sqlite, ...sqliteRich },
  pglite: { ...plain.pglite, ...postgresRich, generated: ['stored', 'virtual'] },
  postgres14: { ...plain.postgres14, ...postgresRich },
  postgres18: { ...plain.postgres18, ...postgresRich },
  mariadb: { ...plain.mariadb, ...mysqlRich, ...mariadbRich },
  mysql9: { ...plain.mysql9, ...mysqlRich },
};

const strictTypes: ReadonlySet<string> = new Set(['native']);

/** A strict table has the server's own five types, and one without rowids has a key. */
function onSqlite(table: Table): Table {
  const { strict, withoutRowid, ...options } = table.options;
  const isStrict = strict === true && !table.columns.some(({ type }) => strictTypes.has(type.kind));
  const isBare = withoutRowid === true && table.primaryKey !== null;
  const counts = table.columns.some(({ identity }) => identity !== null);
  return {
    ...table,
    options: {
      ...options,
      ...(isStrict ? { strict: true } : {}),
      ...(isBare && !counts ? { withoutRowid: true } : {}),
    },
  };
}

/** The schema without what the engine refuses, whatever its capabilities. */
export function legal(engine: Engine, schema: Schema): Schema {
  if (engine === 'sqlite') return { ...schema, tables: schema.tables.map(onSqlite) };
  return legalOn(engine, schema);
}

const keyShape = ({ primaryKey, columns }: Table): string =>
  JSON.stringify(
    primaryKey?.columns.map((name) => [name, columns.find((one) => one.name === name)?.generated]),
  );

/** The options that both tables may have: no operation changes them. */
function commonOptions(engine: Engine, a: Table, b: Table): Table['options'] {
  const { options } = a;
  if (engine !== 'sqlite') return options;
  const other = onSqlite({ ...b, options }).options;
  // Without rowids there is always a key: it can change in one go, but not while one of its columns is made anew.
  const isSteady = keyShape(a) === keyShape(b);
  const stays = (name: string) => name in other && (name !== 'withoutRowid' || isSteady);
  return Object.fromEntries(Object.entries(options).filter(([name]) => stays(name)));
}

/** Both, with the same options where they have the same table. */
export function withCommonOptions(
  engine: Engine,
  from: Schema,
  to: Schema,
): readonly [from: Schema, to: Schema] {
  const optionsOf = (table: Table) => {
    const [a, b] = [findTable(from, table), findTable(to, table)];
    return a && b ? commonOptions(engine, a, b) : table.options;
  };
  const both = ({ tables, ...rest }: Schema): Schema => ({
    ...rest,
    tables: tables.map((table) => ({ ...table, options: optionsOf(table) })),
  });
  return [both(from), both(to)];
}
