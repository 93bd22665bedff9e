import { closeDraft, openDraft } from '../../schema/draft.ts';
import type {
  Check,
  Column,
  ColumnType,
  ForeignKey,
  Index,
  IndexPart,
  ReferentialAction,
  Schema,
  Sequence,
  Table,
  Unique,
} from '../../schema/schema.ts';
import { plainPart, refKey } from '../../schema/schema.ts';
import { foldNow, normalizeDefault } from './defaults.ts';
import { foldExpression, foldQuery } from './expressions.ts';
import { normalizeRoutine, normalizeTrigger } from './programs.ts';
import { collationOfOptions, currentCollation, normalizeOptions, tableCollation } from './table-options.ts';
import { tokenize, unquoteName } from './tokens.ts';
import type { MysqlTraits } from './traits.ts';
import { atLeast } from './traits.ts';
import { hasCollation, normalizeType } from './types.ts';
import { withoutOwnNames } from './view-text.ts';

interface TableContext {
  readonly traits: MysqlTraits;
  readonly schema: Schema;
  readonly table: Table;
  readonly columns: readonly string[];
  /** The collation that columns have where they name none; `null`: not known. */
  readonly collation: string | null;
}

function typeIn(type: ColumnType, { schema, traits }: TableContext): ColumnType {
  if (type.kind !== 'enum' || type.name === null) return normalizeType(type, traits);
  const key = refKey({ namespace: type.namespace, name: type.name });
  const known = schema.enums.find((one) => refKey(one) === key);
  return normalizeType({ ...type, values: known?.values ?? type.values }, traits);
}

/** A type that says its character set or collation, taken apart. */
function takeApart(column: Column, { traits }: TableContext): Column {
  const { type } = column;
  if (type.kind !== 'native' || typeof type.sql !== 'string') return column;
  const [, sql, charset, collation] =
    /^(.*?)(?:\s+(?:character\s+set|charset)\s+(\w+))?(?:\s+collate\s+(\w+))?$/is.exec(type.sql.trim()) ?? [];
  const known = collation ?? (charset && collationOfOptions({ charset }, traits));
  if (sql === undefined || !known) return column;
  return { ...column, type: { kind: 'native', sql }, collation: column.collation ?? known };
}

function collationIn(column: Column, type: ColumnType, context: TableContext): string | null {
  if (column.collation === null || !hasCollation(type)) return null;
  const collation = currentCollation(column.collation);
  return collation === context.collation ? null : collation;
}

function isNullable(column: Column, { table, traits }: TableContext): boolean {
  // MariaDB has no NOT NULL for a generated column.
  if (column.generated !== null && traits.flavor === 'mariadb') return true;
  return column.nullable && column.identity === null && !table.primaryKey?.columns.includes(column.name);
}

function normalizeColumn(given: Column, context: TableContext): Column {
  const column = takeApart(given, context);
  const type = typeIn(column.type, context);
  const typed = { ...column, type };
  return {
    ...typed,
    nullable: isNullable(column, context),
    default: normalizeDefault(typed, context.columns),
    onUpdate: column.onUpdate === null ? null : (foldNow(column.onUpdate, type) ?? column.onUpdate),
    // Where numbers start is data; how far apart they are is the server's setting.
    identity: column.identity && { mode: 'by-default', start: null, increment: null },
    generated: column.generated && {
      sql: foldExpression(column.generated.sql, context.columns),
      stored: column.generated.stored,
    },
    collation: collationIn(column, type, context),
    comment: column.comment || null,
  };
}

/** The column that an expression is, if it is nothing else. */
function columnOfExpression(sql: string): string | null {
  const [token, more] = tokenize(sql);
  return token?.kind === 'name' && more === undefined ? unquoteName(token.text) : null;
}

function prefixOf(part: IndexPart, method: string | null, table: Table): number | null {
  if (part.length === null || method === 'spatial' || method === 'fulltext') return null;
  const type = table.columns.find((column) => column.name === part.column)?.type;
  const whole = (type?.kind === 'varchar' || type?.kind === 'char') && type.length === part.length;
  return whole ? null : part.length;
}

function normalizePart(part: IndexPart, method: string | null, context: TableContext): IndexPart {
  const sql = part.sql === null ? null : foldExpression(part.sql, context.columns);
  const column = part.column ?? (sql === null ? null : columnOfExpression(sql));
  const hasDescending = context.traits.flavor === 'mysql' || atLeast(context.traits, 10, 8);
  return {
    column,
    sql: column === null ? sql : null,
    descending: part.descending && hasDescending && method === null,
    nulls: null,
    collation: null,
    operatorClass: null,
    length: prefixOf(part, method, context.table),
  };
}

function normalizeIndex(index: Index, context: TableContext): Index {
  const lower = index.method?.toLowerCase() ?? null;
  const method = lower === 'btree' || lower === 'hash' ? null : lower;
  return {
    ...index,
    method,
    parts: index.parts.map((part) => normalizePart(part, method, context)),
    include: [],
    valid: true,
  };
}

/** A unique constraint is a unique index here. */
export function indexOfUnique(unique: Unique): Index {
  return {
    name: unique.name,
    parts: unique.columns.map((column) => ({ ...plainPart, column })),
    unique: true,
    where: null,
    method: null,
    include: [],
    nullsNotDistinct: unique.nullsNotDistinct,
    valid: true,
  };
}

/** InnoDB knows no difference between RESTRICT and NO ACTION. */
function action(value: ReferentialAction, { traits }: TableContext): ReferentialAction {
  if (value === 'restrict') return 'no-action';
  return value === 'set-default' && traits.flavor === 'mariadb' ? 'no-action' : value;
}

function normalizeForeignKey(key: ForeignKey, context: TableContext): ForeignKey {
  return {
    ...key,
    onDelete: action(key.onDelete, context),
    onUpdate: action(key.onUpdate, context),
    deferrable: 'no',
    valid: true,
  };
}

function normalizeCheck(check: Check, context: TableContext): Check {
  return {
    name: check.name,
    sql: foldExpression(check.sql, context.columns),
    valid: check.valid || context.traits.flavor === 'mariadb',
  };
}

const automaticKey = /_ibfk_\d+$/;

/** The name of the index that the server makes for an unnamed foreign key: its first column, numbered if need be. */
function isFirstColumnName(name: string, first: string): boolean {
  return name === first || (name.startsWith(`${first}_`) && /^\d+$/.test(name.slice(first.length + 1)));
}

/**
 * The index that the server makes for a foreign key by itself: over exactly its columns, named after the constraint,
 * or after the first column where the server named the constraint too. It comes and goes as other indexes cover the
 * key, so it is no part of the schema.
 */
export function isKeyIndex(index: Index, keys: readonly ForeignKey[]): boolean {
  const { name, parts } = index;
  if (name === null || index.unique || index.method !== null || index.where !== null) return false;
  const columns = parts.map((part) => (part.length === null && !part.descending ? part.column : null));
  return keys.some(
    (key) =>
      key.columns.length === columns.length &&
      key.columns.every((column, i) => column === columns[i]) &&
      (name === key.name ||
        (automaticKey.test(key.name ?? '') && isFirstColumnName(name, key.columns[0] ?? ''))),
  );
}

/** A table in the form that this server gives back. */
export function normalizeTable(table: Table, schema: Schema, traits: MysqlTraits): Table {
  const columns = table.columns.map((column) => column.name);
  const collation = tableCollation(table.options, traits);
  const first: TableContext = { traits, schema, table, columns, collation };
  const typed = { ...table, columns: table.columns.map((column) => normalizeColumn(column, first)) };
  const context: TableContext = { ...first, table: typed };
  return {
    ...typed,
    primaryKey: table.primaryKey && { name: null, columns: table.primaryKey.columns },
    uniques: [],
    foreignKeys: table.foreignKeys.map((key) => normalizeForeignKey(key, context)),
    checks: table.checks.map((check) => normalizeCheck(check, context)),
    indexes: [...table.uniques.map(indexOfUnique), ...table.indexes]
      .map((index) => normalizeIndex(index, context))
      .filter((index) => !isKeyIndex(index, table.foreignKeys)),
    comment: table.comment || null,
    options: normalizeOptions(table.options, traits),
  };
}

/** Bounds that MariaDB takes by itself. */
function normalizeSequence(sequence: Sequence): Sequence {
  const rising = sequence.increment > 0;
  const lowest = rising ? 1 : Number('-9223372036854775807');
  const highest = rising ? Number('9223372036854775806') : -1;
  return {
    ...sequence,
    minimum: sequence.minimum === lowest ? null : sequence.minimum,
    maximum: sequence.maximum === highest ? null : sequence.maximum,
  };
}

/** A schema in the form that this server gives back, as far as text alone can tell. Idempotent. */
export function normalizeSchema(schema: Schema, traits: MysqlTraits): Schema {
  const normal: Schema = {
    ...schema,
    namespaces: [],
    enums: [],
    sequences: schema.sequences.map(normalizeSequence),
    tables: schema.tables.map((table) => normalizeTable(table, schema, traits)),
    views: schema.views.map((view) => ({ ...view, sql: foldQuery(withoutOwnNames(view.sql)) })),
    triggers: schema.triggers.map(normalizeTrigger),
    routines: schema.routines.map((routine) => normalizeRoutine(routine, traits)),
  };
  return closeDraft(openDraft(normal, '`'));
}
