import type { Connection, Row } from '../../dialect/connection.ts';
import type { Scope } from '../../dialect/dialect.ts';
import { isKeptName } from '../../dialect/keeping.ts';
import { textOf } from '../../dialect/rows.ts';
import type { Routine, Schema, Sequence, Trigger, UnsupportedObject, View } from '../../schema/schema.ts';
import type { Catalogue } from './catalogue.ts';
import { readCatalogue } from './catalogue.ts';
import { readSequence, sequencesSql } from './mariadb.ts';
import { normalizeSchema } from './normalize.ts';
import { characteristicsSql, triggerSql } from './programs.ts';
import { quote } from './quote.ts';
import type { TableRows } from './read-table.ts';
import { groupBy, readTable, required, unsupportedOf } from './read-table.ts';
import type { MysqlTraits } from './traits.ts';
import { withoutDatabase, withoutOwnNames } from './view-text.ts';

/** Tables that online schema change tools leave while they work: `_user_gho`, `_user_new`, `#sql-1a`. */
function isLeftover(name: string, names: ReadonlySet<string>): boolean {
  const [, base, suffix] = /^_(.+)_(gho|ghc|ghk|del|new|old)$/.exec(name) ?? [];
  if (base === undefined) return name.startsWith('#sql');
  return suffix?.startsWith('gh') === true || names.has(base);
}

const unsupported = (kind: string, name: string, reason: string): UnsupportedObject => ({
  namespace: null,
  name,
  kind,
  reason,
});

/** What is said of a kind of table that the model cannot describe. */
function unsupportedTable(row: Row): UnsupportedObject | null {
  const type = required(row, 'type');
  const name = required(row, 'name');
  if (type === 'SYSTEM VERSIONED') return unsupported('table', name, 'is system-versioned');
  if (type === 'BASE TABLE' && textOf(row, 'engine') === null)
    return unsupported('table', name, 'cannot be opened');
  return null;
}

/** The text of PARTITION BY for each partitioned table. Only these are asked for one by one. */
async function readPartitioning(
  connection: Connection,
  tables: readonly Row[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const table of tables.filter((row) => /\bpartitioned\b/i.test(required(row, 'options')))) {
    const name = required(table, 'name');
    const { rows } = await connection.query(`SHOW CREATE TABLE ${quote(name)}`);
    const text = required(rows[0] ?? {}, 'Create Table');
    const [, partitioning] = /\n(?:\/\*!\d+)?\s*(PARTITION BY [\s\S]*?)\s*(?:\*\/)?\s*$/.exec(text) ?? [];
    if (partitioning !== undefined) found.set(name, partitioning.replace(/\*\/\s*\/\*!\d+\s*/g, ''));
  }
  return found;
}

async function readSequences(connection: Connection, tables: readonly Row[]): Promise<readonly Sequence[]> {
  const names = tables
    .filter((row) => required(row, 'type') === 'SEQUENCE')
    .map((row) => required(row, 'name'));
  if (names.length === 0) return [];
  return (await connection.query(sequencesSql(names))).rows.map(readSequence);
}

function tableRows(catalogue: Catalogue, partitioning: ReadonlyMap<string, string>): readonly TableRows[] {
  const columns = groupBy(catalogue.columns, 'table_name');
  const indexes = groupBy(catalogue.indexes, 'table_name');
  const foreignKeys = groupBy(catalogue.foreignKeys, 'table_name');
  const checks = groupBy(catalogue.checks, 'table_name');
  return catalogue.tables
    .filter((row) => required(row, 'type') === 'BASE TABLE' && unsupportedTable(row) === null)
    .map((table) => {
      const name = required(table, 'name');
      return {
        table,
        columns: columns.get(name) ?? [],
        indexes: indexes.get(name) ?? [],
        foreignKeys: foreignKeys.get(name) ?? [],
        checks: checks.get(name) ?? [],
        partitioning: partitioning.get(name) ?? null,
      };
    });
}

function readView(row: Row, database: string): View {
  const option = required(row, 'check_option');
  const suffix = option === 'CASCADED' || option === 'LOCAL' ? ` WITH ${option} CHECK OPTION` : '';
  return {
    namespace: null,
    name: required(row, 'name'),
    sql: withoutOwnNames(withoutDatabase(required(row, 'definition'), database)) + suffix,
    materialized: false,
  };
}

/** In the order in which those of one moment run. */
function readTriggers(rows: readonly Row[]): readonly Trigger[] {
  return rows.map((row) => {
    const table = { namespace: null, name: required(row, 'table_name') };
    const name = required(row, 'name');
    const head = { table, name, timing: required(row, 'timing'), event: required(row, 'event') };
    return { table, name, sql: triggerSql(head, required(row, 'body')) };
  });
}

/** A type with its character set, where that is not the database's own. */
function programType(type: string, row: Row, traits: MysqlTraits): string {
  const collation = textOf(row, 'collation');
  if (collation === null || collation === traits.collation) return type;
  return `${type} CHARSET ${required(row, 'charset')} COLLATE ${collation}`;
}

function parameterSql(row: Row, traits: MysqlTraits): string {
  const mode = textOf(row, 'mode') ?? 'IN';
  const type = programType(required(row, 'data_type'), row, traits);
  return `${mode === 'IN' ? '' : `${mode} `}${quote(required(row, 'name'))} ${type}`;
}

function readRoutine(row: Row, parameters: readonly Row[], traits: MysqlTraits): Routine {
  const kind = required(row, 'type') === 'FUNCTION' ? 'function' : 'procedure';
  const name = required(row, 'name');
  const own = parameters.filter((one) => required(one, 'type') === required(row, 'type'));
  const list = own.map((one) => parameterSql(one, traits)).join(', ');
  const returns = kind === 'function' ? ` RETURNS ${programType(required(row, 'returns'), row, traits)}` : '';
  const characteristics = characteristicsSql({
    deterministic: required(row, 'deterministic') === 'YES',
    access: required(row, 'access'),
    invoker: required(row, 'security') === 'INVOKER',
    comment: required(row, 'remark'),
  });
  const head = `CREATE ${kind.toUpperCase()} ${quote(name)}(${list})${returns} ${characteristics}`;
  return { namespace: null, name, kind, signature: '', sql: head + required(row, 'body') };
}

/** Views and routines of others show no text to an account that lacks the right to see it. */
function hiddenText(rows: readonly Row[], column: string, kind: string): readonly UnsupportedObject[] {
  return rows
    .filter((row) => (textOf(row, column) ?? '') === '')
    .map((row) => unsupported(kind, required(row, 'name'), 'its text is hidden from this account'));
}

const programs = new Set(['FUNCTION', 'PROCEDURE']);

function unsupportedObjects(catalogue: Catalogue, rows: readonly TableRows[]): readonly UnsupportedObject[] {
  return [
    ...catalogue.tables.map(unsupportedTable).filter((object) => object !== null),
    ...rows.flatMap(unsupportedOf),
    ...hiddenText(catalogue.views, 'definition', 'view'),
    ...hiddenText(catalogue.routines, 'body', 'routine'),
    ...catalogue.routines
      .filter((row) => !programs.has(required(row, 'type')))
      .map((row) =>
        unsupported(required(row, 'type').toLowerCase(), required(row, 'name'), 'is not in the model'),
      ),
    ...catalogue.events.map((row) =>
      unsupported('event', required(row, 'name'), 'events are not in the model'),
    ),
  ];
}

/** Without what is hidden and what tools left. */
function visible(
  catalogue: Catalogue,
  { scope, database }: { readonly scope: Scope; readonly database: string },
): Catalogue {
  const names = new Set(catalogue.tables.map((row) => required(row, 'name')));
  const hidden = (scope.hiddenIn ?? database) === database ? scope.hidden : [];
  const isShown = (name: string) => !hidden.includes(name) && !isKeptName(name) && !isLeftover(name, names);
  return {
    ...catalogue,
    tables: catalogue.tables.filter((row) => isShown(required(row, 'name'))),
    views: catalogue.views.filter((row) => isShown(required(row, 'name'))),
    triggers: catalogue.triggers.filter((row) => isShown(required(row, 'table_name'))),
  };
}

const hasText = (row: Row, column: string): boolean => (textOf(row, column) ?? '') !== '';

/** Reads the current database: a fixed number of queries, whatever its size. */
export async function introspect(connection: Connection, scope: Scope, traits: MysqlTraits): Promise<Schema> {
  const database = textOf((await connection.query('SELECT DATABASE() AS db')).rows[0], 'db') ?? '';
  const catalogue = visible(await readCatalogue(connection, traits), { scope, database });
  const partitioning = await readPartitioning(connection, catalogue.tables);
  const sequences = await readSequences(connection, catalogue.tables);
  const rows = tableRows(catalogue, partitioning);
  const parameters = groupBy(catalogue.parameters, 'routine');
  const schema: Schema = {
    namespaces: [],
    enums: [],
    sequences,
    tables: rows.map((one) => readTable(one, traits)),
    views: catalogue.views.filter((row) => hasText(row, 'definition')).map((row) => readView(row, database)),
    routines: catalogue.routines
      .filter((row) => hasText(row, 'body') && programs.has(required(row, 'type')))
      .map((row) => readRoutine(row, parameters.get(required(row, 'name')) ?? [], traits)),
    triggers: readTriggers(catalogue.triggers),
    unsupported: unsupportedObjects(catalogue, rows),
  };
  return normalizeSchema(schema, traits);
}
