import { SurefootError } from '../../kernel/errors.ts';
import type { ColumnType } from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import { quoteRef } from './quote.ts';

type Native = Extract<ColumnType, { kind: 'native' }>;

const plainNames = {
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
  text: 'text',
  boolean: 'boolean',
  real: 'real',
  double: 'double precision',
  date: 'date',
  json: 'jsonb',
  uuid: 'uuid',
} as const;

/** The spelling of a native type for PostgreSQL. */
export function nativeSql(type: Native): string {
  if (typeof type.sql === 'string') return type.sql;
  const sql = type.sql.postgres;
  if (sql !== undefined) return sql;
  throw new SurefootError('schema/unsupported', `A native type names no spelling for PostgreSQL.`, {
    details: { object: JSON.stringify(type.sql), dialect: 'postgres' },
    hint: 'Add a `postgres` member to the native type.',
  });
}

function withPrecision(name: string, precision: number | null, zone: boolean): string {
  return `${name}${precision === null ? '' : `(${precision})`}${zone ? ' with time zone' : ''}`;
}

function numericSql(precision: number | null, scale: number | null): string {
  if (precision === null) return 'numeric';
  return `numeric(${precision}, ${scale ?? 0})`;
}

function enumSql(type: Extract<ColumnType, { kind: 'enum' }>): string {
  if (type.name !== null) return quoteRef({ namespace: type.namespace, name: type.name });
  throw new SurefootError('operation/unsupported', 'PostgreSQL has no enum without a name.', {
    details: { operation: `enum (${type.values.join(', ')})`, dialect: 'postgres' },
    hint: 'Give the enum a name, so that it becomes a type of its own.',
  });
}

/** A type in PostgreSQL's SQL. */
export function typeSql(type: ColumnType): string {
  switch (type.kind) {
    case 'varchar':
      return type.length === null ? 'character varying' : `character varying(${type.length})`;
    case 'char':
      return `character(${type.length})`;
    case 'numeric':
      return numericSql(type.precision, type.scale);
    case 'time':
    case 'timestamp':
      return withPrecision(type.kind, type.precision, type.zone);
    case 'binary':
      return 'bytea';
    case 'enum':
      return enumSql(type);
    case 'native':
      return nativeSql(type);
    default:
      return plainNames[type.kind];
  }
}

/** The words for a type in messages. */
export function displayType(type: ColumnType): string {
  if (type.kind === 'enum') {
    return type.name === null ? 'enum' : displayRef({ namespace: type.namespace, name: type.name });
  }
  return typeSql(type);
}

const serials: Readonly<Record<string, 'smallint' | 'integer' | 'bigint'>> = {
  smallserial: 'smallint',
  serial: 'integer',
  bigserial: 'bigint',
};

/** The integer behind a serial type; `null` for every other type. */
export function serialBase(type: ColumnType): 'smallint' | 'integer' | 'bigint' | null {
  if (type.kind !== 'native' || (typeof type.sql !== 'string' && type.sql.postgres === undefined))
    return null;
  return serials[nativeSql(type)] ?? null;
}

/** The serial type over an integer. */
export function serialOf(base: ColumnType): ColumnType | null {
  const name = Object.keys(serials).find((serial) => serials[serial] === base.kind);
  return name === undefined ? null : { kind: 'native', sql: name };
}
