// What an author says of a column, with the column builders.
// In: a column and the parts of its table that fit into it. Out: Expression. Must not know operations.

import type { Column, ColumnType, ForeignKey, Index, Ref, Table, Unique } from '../schema/schema.ts';
import { sameRef, toRef } from '../schema/schema.ts';
import type { Expression } from './code/expression.ts';
import { call, json, record, unless } from './code/expression.ts';

/** The parts of a table that its author may say of one column. */
export interface ColumnParts {
  readonly primaryKey?: Table['primaryKey'] | undefined;
  /** True: it stands in the primary key, which makes it NOT NULL unless it says otherwise. */
  readonly isKeyed?: boolean;
  readonly unique?: Unique | undefined;
  readonly foreignKey?: ForeignKey | undefined;
  readonly index?: Index | undefined;
  readonly check?: Table['checks'][number] | undefined;
}

const t: Expression = { kind: 'name', name: 't' };

/** A name as people write it; as an object where that would read back as another. */
export function sayName(ref: Ref): Expression {
  const { namespace, name } = ref;
  const text = namespace === null ? name : `${namespace}.${name}`;
  return json(sameRef(toRef(text), ref) ? text : { namespace, name });
}

/** SQL text where a value is expected. */
export const saySql = (text: string): Expression => call(null, 'sql', json(text));

function sayTemporal({ kind, zone, precision }: Extract<ColumnType, { readonly zone: boolean }>): Expression {
  const digits = precision ?? undefined;
  if (kind === 'timestamp' && zone) return call(t, 'timestamptz', json({ precision: digits }));
  return call(t, kind, json({ zone: unless(false, zone), precision: digits }));
}

function sayNumeric({ precision, scale }: Extract<ColumnType, { readonly kind: 'numeric' }>): Expression {
  if (precision === null) return call(t, 'numeric');
  return call(t, 'numeric', json(precision), ...(scale === null || scale === 0 ? [] : [json(scale)]));
}

function sayEnum({ namespace, name, values }: Extract<ColumnType, { readonly kind: 'enum' }>): Expression {
  return call(t, 'enum', name === null ? json(null) : sayName({ namespace, name }), json(values));
}

/** The type as a column of it. */
export function sayType(type: ColumnType): Expression {
  switch (type.kind) {
    case 'varchar':
    case 'binary':
    case 'char':
      return call(t, type.kind, ...(type.length === null ? [] : [json(type.length)]));
    case 'numeric':
      return sayNumeric(type);
    case 'time':
    case 'timestamp':
      return sayTemporal(type);
    case 'enum':
      return sayEnum(type);
    case 'native':
      return call(t, 'native', json(type.sql));
    default:
      return call(t, type.kind);
  }
}

/** A default: a literal, or an expression. */
export function sayDefault(given: NonNullable<Column['default']>): Expression {
  return given.kind === 'literal' ? json(given.value) : saySql(given.sql);
}

const sayOptional = (name: string | null): readonly Expression[] => (name === null ? [] : [json(name)]);

/** What a foreign key says besides its columns. */
export function referenceOptions(key: ForeignKey): Readonly<Record<string, Expression | undefined>> {
  const { name, onDelete, onUpdate, deferrable, valid } = key;
  const options = {
    name: name ?? undefined,
    onDelete: unless('no-action', onDelete),
    onUpdate: unless('no-action', onUpdate),
    deferrable: unless('no', deferrable),
    valid: unless(true, valid),
  };
  return Object.fromEntries(
    Object.entries(options).map(([member, value]) => [member, value === undefined ? undefined : json(value)]),
  );
}

function sayReference(on: Expression, key: ForeignKey): Expression {
  const { table, columns } = key.references;
  return call(on, 'references', sayName(table), json(columns[0] ?? ''), record(referenceOptions(key)));
}

function sayKey(on: Expression, column: Column, { primaryKey, isKeyed = false }: ColumnParts): Expression {
  const { identity } = column;
  const { mode, start, increment } = identity ?? {};
  const counted = identity
    ? call(
        on,
        'identity',
        json({
          mode: unless('by-default', mode),
          start: start ?? undefined,
          increment: increment ?? undefined,
        }),
      )
    : on;
  const keyed = primaryKey ? call(counted, 'primaryKey', ...sayOptional(primaryKey.name)) : counted;
  const isRequired = identity !== null || Boolean(primaryKey);
  if (column.nullable) return isRequired || isKeyed ? call(keyed, 'nullable') : keyed;
  return isRequired ? keyed : call(keyed, 'notNull');
}

function sayValues(on: Expression, column: Column): Expression {
  const { default: value, onUpdate, generated, collation } = column;
  const withDefault = value ? call(on, 'default', sayDefault(value)) : on;
  const withUpdate = onUpdate === null ? withDefault : call(withDefault, 'onUpdate', saySql(onUpdate));
  const computed = generated
    ? call(withUpdate, 'generatedAs', json(generated.sql), json({ stored: unless(true, generated.stored) }))
    : withUpdate;
  return collation === null ? computed : call(computed, 'collate', json(collation));
}

function sayParts(on: Expression, { unique, foreignKey, index, check }: ColumnParts): Expression {
  const withUnique = unique ? call(on, 'unique', ...sayOptional(unique.name)) : on;
  const linked = foreignKey ? sayReference(withUnique, foreignKey) : withUnique;
  const indexed = index
    ? call(linked, 'index', json({ name: index.name ?? undefined, unique: unless(false, index.unique) }))
    : linked;
  return check ? call(indexed, 'check', json(check.sql), ...sayOptional(check.name)) : indexed;
}

/** `t.varchar(64).notNull().default('x')` */
export function sayColumn(column: Column, parts: ColumnParts = {}): Expression {
  const keyed = sayKey(sayType(column.type), column, parts);
  const whole = sayParts(sayValues(keyed, column), parts);
  return column.comment === null ? whole : call(whole, 'comment', json(column.comment));
}
