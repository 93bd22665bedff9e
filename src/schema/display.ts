import type { Column, ColumnDefault, ColumnType } from './schema.ts';
import { displayRef } from './schema.ts';

const withArguments = (name: string, ...values: readonly (number | null)[]): string => {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? name : `${name}(${given.join(',')})`;
};

/** A type in words, the same on every family; for messages, not for SQL. */
export function displayType(type: ColumnType): string {
  switch (type.kind) {
    case 'varchar':
    case 'char':
    case 'binary':
      return withArguments(type.kind, type.length);
    case 'numeric':
      return withArguments('numeric', type.precision, type.scale);
    case 'time':
    case 'timestamp':
      return withArguments(type.kind, type.precision) + (type.zone ? ' with time zone' : '');
    case 'enum':
      return type.name === null
        ? `enum(${type.values.map((value) => `'${value}'`).join(', ')})`
        : `enum ${displayRef({ namespace: type.namespace, name: type.name })}`;
    case 'native':
      return typeof type.sql === 'string' ? type.sql : Object.values(type.sql).join(' / ');
    default:
      return type.kind;
  }
}

/** A default in words. */
export function displayDefault(value: ColumnDefault): string {
  if (value.kind === 'expression') return `(${value.sql})`;
  return typeof value.value === 'string' ? `'${value.value}'` : String(value.value);
}

/** A column in words: type and all that differs from a plain nullable column. */
export function displayColumn(column: Omit<Column, 'name'>): string {
  const words = [displayType(column.type)];
  if (!column.nullable) words.push('not null');
  if (column.default) words.push(`default ${displayDefault(column.default)}`);
  if (column.identity) words.push('identity');
  if (column.generated)
    words.push(`generated as (${column.generated.sql})${column.generated.stored ? ' stored' : ''}`);
  if (column.onUpdate) words.push(`on update ${column.onUpdate}`);
  if (column.collation) words.push(`collate ${column.collation}`);
  if (column.comment !== null) words.push(`comment '${column.comment}'`);
  return words.join(' ');
}
