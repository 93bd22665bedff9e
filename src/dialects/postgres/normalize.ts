// A schema as PostgreSQL would give it back, as far as text alone can tell.
// In: a schema of any origin, the name of the default namespace. Out: the same, folded; idempotent.
// Must not know a connection.

import { mapUnlessSame, unlessChanged } from '../../kernel/unchanged.ts';
import { closeDraft, openDraft } from '../../schema/draft.ts';
import { isPlainName } from '../../schema/identifiers-in-sql.ts';
import type {
  Check,
  Column,
  ColumnType,
  Enum,
  ForeignKey,
  Generated,
  Index,
  IndexPart,
  Ref,
  Routine,
  Schema,
  Sequence,
  Table,
  Trigger,
  View,
} from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import type { ExpressionContext } from './expression.ts';
import { expressionContext, foldExpression, foldStatement } from './expression.ts';
import { withoutIdleNames } from './idle-names.ts';
import { foldDefault } from './normalize-default.ts';
import { parseType } from './parse-type.ts';
import { quoteIdentifier } from './quote.ts';
import { onTable } from './spell-text.ts';
import { foldOptions } from './table-options.ts';
import { nativeSql, serialBase } from './types.ts';

/** Where names without a namespace belong, and the enums that types may mean. */
export interface Frame {
  readonly home: string | null;
  readonly enums: ReadonlyMap<string, Enum>;
}

/** The reference, bare where it names the default namespace. */
function foldRef<T extends Ref>(ref: T, home: string | null): T {
  return ref.namespace !== null && ref.namespace === home ? { ...ref, namespace: null } : ref;
}

/** A native type that is a bare or qualified name, as a reference: lower case unless quoted. */
function nameIn(sql: string): Ref | null {
  const found = /^(?:("(?:[^"]|"")+"|[a-z_][\w$]*)\.)?("(?:[^"]|"")+"|[a-z_][\w$]*)$/i.exec(sql.trim());
  if (found === null) return null;
  const read = (text: string) =>
    text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
  return { namespace: found[1] === undefined ? null : read(found[1]), name: read(found[2] ?? '') };
}

function enumType({ namespace, name, values }: Enum): ColumnType {
  return { kind: 'enum', namespace, name, values };
}

function foldNative(type: Extract<ColumnType, { kind: 'native' }>, frame: Frame): ColumnType {
  if (typeof type.sql !== 'string' && type.sql.postgres === undefined) return type;
  const sql = nativeSql(type);
  const name = nameIn(sql);
  const one = name === null ? undefined : frame.enums.get(refKey(foldRef(name, frame.home)));
  return one === undefined ? parseType(sql) : enumType(one);
}

/** A type in its portable form. */
export function foldType(type: ColumnType, frame: Frame): ColumnType {
  switch (type.kind) {
    case 'native':
      return foldNative(type, frame);
    case 'numeric':
      return unlessChanged(type, { ...type, scale: type.precision === null ? null : (type.scale ?? 0) });
    case 'binary':
      return unlessChanged(type, { kind: 'binary', length: null });
    case 'enum': {
      if (type.name === null) return type;
      const ref = foldRef({ namespace: type.namespace, name: type.name }, frame.home);
      return enumType(frame.enums.get(refKey(ref)) ?? { ...ref, values: type.values });
    }
    default:
      return type;
  }
}

function foldGenerated(generated: Generated | null, context: ExpressionContext): Generated | null {
  return generated === null
    ? null
    : { sql: foldExpression(generated.sql, context), stored: generated.stored };
}

function foldCollation(collation: string | null): string | null {
  return collation === null || collation === 'default' ? null : collation;
}

function foldIdentity(column: Column) {
  if (column.identity === null) return null;
  const { mode, start, increment } = column.identity;
  const unusual = (value: number | null) => (value === 1 ? null : value);
  return unlessChanged(column.identity, { mode, start: unusual(start), increment: unusual(increment) });
}

/** The type is folded already. */
function foldColumn(column: Column, table: Table, context: ExpressionContext): Column {
  const { type } = column;
  // A serial counts by its own sequence.
  const isSerial = serialBase(type) !== null;
  const identity = isSerial ? null : foldIdentity(column);
  const counted = identity !== null || isSerial;
  const keyed = table.primaryKey?.columns.includes(column.name) ?? false;
  const generated = foldGenerated(column.generated, context);
  const hasDefault = !counted && generated === null;
  return unlessChanged(column, {
    name: column.name,
    type,
    nullable: column.nullable && !keyed && !counted,
    default: hasDefault ? foldedDefault(column, context) : null,
    onUpdate: null,
    identity,
    generated,
    collation: foldCollation(column.collation),
    comment: column.comment === '' ? null : column.comment,
  });
}

function foldedDefault({ default: given, type }: Column, context: ExpressionContext): Column['default'] {
  const folded = foldDefault(given, type, context);
  return given && folded && unlessChanged(given, folded);
}

function foldForeignKey(key: ForeignKey, home: string | null): ForeignKey {
  const { namespace, name } = key.references.table;
  const table = unlessChanged(key.references.table, foldRef({ namespace, name }, home));
  const references = unlessChanged(key.references, { table, columns: key.references.columns });
  return unlessChanged(key, { ...key, references });
}

/** `(email)` is the column, not an expression. */
function columnOf(part: IndexPart, context: ExpressionContext): string | null {
  if (part.column !== null || part.sql === null) return part.column;
  const name = nameIn(foldExpression(part.sql, context));
  return name !== null && name.namespace === null && context.columns.has(name.name) ? name.name : null;
}

function foldPart(part: IndexPart, table: Table, context: ExpressionContext): IndexPart {
  const column = columnOf(part, context);
  const collation = foldCollation(part.collation);
  const own =
    column === null || collation === null
      ? null
      : foldCollation(table.columns.findLast(({ name }) => name === column)?.collation ?? null);
  return unlessChanged(part, {
    column,
    sql: column === null && part.sql !== null ? foldExpression(part.sql, context) : null,
    descending: part.descending,
    nulls: part.nulls === (part.descending ? 'first' : 'last') ? null : part.nulls,
    collation: collation === own ? null : collation,
    operatorClass: part.operatorClass,
    length: null,
  });
}

function foldIndex(index: Index, table: Table, context: ExpressionContext): Index {
  const method = index.method?.toLowerCase() ?? null;
  return unlessChanged(index, {
    ...index,
    parts: mapUnlessSame(index.parts, (part) => foldPart(part, table, context)),
    where: index.where === null ? null : foldExpression(index.where, context),
    method: method === 'btree' ? null : method,
    nullsNotDistinct: index.unique && index.nullsNotDistinct,
  });
}

function foldCheck(check: Check, context: ExpressionContext): Check {
  return unlessChanged(check, { ...check, sql: foldExpression(check.sql, context) });
}

/** A table as the server would give it back: what is so already is not copied. */
export function foldTable(given: Table, frame: Frame): Table {
  const table = foldRef(given, frame.home);
  const typed = mapUnlessSame(table.columns, (one) => {
    const type = foldType(one.type, frame);
    return type === one.type ? one : { ...one, type };
  });
  const context = expressionContext({ ...table, columns: typed });
  return unlessChanged(given, {
    namespace: table.namespace,
    name: table.name,
    columns: mapUnlessSame(typed, (column) => foldColumn(column, table, context)),
    primaryKey: table.primaryKey,
    uniques: table.uniques,
    foreignKeys: mapUnlessSame(table.foreignKeys, (key) => foldForeignKey(key, frame.home)),
    checks: mapUnlessSame(table.checks, (check) => foldCheck(check, context)),
    indexes: mapUnlessSame(table.indexes, (index) => foldIndex(index, table, context)),
    comment: table.comment === '' ? null : table.comment,
    options: unlessChanged(table.options, foldOptions(table.options)),
  });
}

function foldView(view: View, home: string | null): View {
  return { ...foldRef(view, home), sql: withoutIdleNames(foldStatement(view.sql)) };
}

const plainly = (name: string): string => (isPlainName(name) ? name : quoteIdentifier(name));

function plainRef({ namespace, name }: Ref): string {
  return namespace === null ? plainly(name) : `${plainly(namespace)}.${plainly(name)}`;
}

function foldTrigger(trigger: Trigger, home: string | null): Trigger {
  const table = foldRef({ namespace: trigger.table.namespace, name: trigger.table.name }, home);
  const sql = foldStatement(trigger.sql);
  // The server qualifies what is not in the default namespace, and quotes where it must.
  return { table, name: trigger.name, sql: onTable(sql, plainRef(table)) ?? sql };
}

/** Argument types without names, each in the server's spelling. */
export function foldSignature(signature: string): string {
  if (signature.trim() === '') return '';
  const types = signature.split(/,(?![^(]*\))/).map((text) => text.trim());
  return types.map(foldArgument).join(', ');
}

const typeNames: Readonly<Record<string, string>> = {
  json: 'jsonb',
  double: 'double precision',
  varchar: 'character varying',
  char: 'character',
  binary: 'bytea',
};

/** Overloads are told apart without lengths. */
function foldArgument(text: string): string {
  const type = parseType(text.replace(/\s*\([^)]*\)/, ''));
  if (type.kind === 'native') return nativeSql(type);
  if (type.kind !== 'time' && type.kind !== 'timestamp') return typeNames[type.kind] ?? type.kind;
  return `${type.kind} ${type.zone ? 'with' : 'without'} time zone`;
}

function foldRoutine(routine: Routine, home: string | null): Routine {
  return { ...foldRef(routine, home), signature: foldSignature(routine.signature), sql: routine.sql.trim() };
}

/** Bounds that the server would choose by itself are none. A JavaScript number cannot hold the usual ones exactly. */
function foldSequence(given: Sequence, home: string | null): Sequence {
  const sequence = foldRef(given, home);
  const { increment, minimum, maximum } = sequence;
  const outermost = 2 ** 63;
  const usual = increment > 0 ? { minimum: 1, maximum: outermost } : { minimum: -outermost, maximum: -1 };
  return {
    ...sequence,
    minimum: minimum === usual.minimum ? null : minimum,
    maximum: maximum === usual.maximum ? null : maximum,
  };
}

/** What types of a schema may mean. */
export function frameOf(declared: readonly Enum[], home: string | null): Frame {
  const enums = declared.map((one) => foldRef(one, home));
  return { home, enums: new Map(enums.map((one) => [refKey(one), one])) };
}

/** The schema as the server would give it back. */
export function normalize(schema: Schema, home: string | null): Schema {
  const frame = frameOf(schema.enums, home);
  return closeDraft(
    openDraft({
      namespaces: schema.namespaces.filter((namespace) => namespace !== home),
      enums: [...frame.enums.values()],
      sequences: schema.sequences.map((sequence) => foldSequence(sequence, home)),
      tables: schema.tables.map((table) => foldTable(table, frame)),
      views: schema.views.map((view) => foldView(view, home)),
      routines: schema.routines.map((routine) => foldRoutine(routine, home)),
      triggers: schema.triggers.map((trigger) => foldTrigger(trigger, home)),
      unsupported: schema.unsupported.map((one) => foldRef(one, home)),
    }),
  );
}
