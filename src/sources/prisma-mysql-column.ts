// A field of a Prisma model as a column of MySQL, by Prisma's own rules.
// In: a field, the enums of its schema. Out: the text of the column. Must not know tables or keys.

import type { Dialect } from '../dialect/dialect.ts';
import type { PrismaAttribute, PrismaBlock, PrismaField, PrismaValue } from './prisma-language.ts';
import { argumentOf, databaseName, wordOf } from './prisma-language.ts';

/** What columns are written with. */
export interface ColumnContext {
  readonly dialect: Pick<Dialect, 'quote' | 'literal'>;
  readonly enums: ReadonlyMap<string, PrismaBlock>;
}

const scalarTypes: ReadonlyMap<string, string> = new Map([
  ['Int', 'INTEGER'],
  ['BigInt', 'BIGINT'],
  ['Float', 'DOUBLE'],
  ['Decimal', 'DECIMAL(65,30)'],
  ['Boolean', 'BOOLEAN'],
  ['String', 'VARCHAR(191)'],
  ['DateTime', 'DATETIME(3)'],
  ['Json', 'JSON'],
  ['Bytes', 'LONGBLOB'],
]);

/** True for a field that has a column; the others are relations. */
export function isColumn({ type }: PrismaField, { enums }: ColumnContext): boolean {
  return type.kind === 'call' || enums.has(wordOf(type) ?? '') || scalarTypes.has(wordOf(type) ?? '');
}

export const attributeOf = (
  { attributes }: Pick<PrismaField, 'attributes'>,
  name: string,
): PrismaAttribute | null => attributes.find((attribute) => attribute.name === name) ?? null;

function nativeType(field: PrismaField): string | null {
  const native = field.attributes.find(({ name }) => name.startsWith('db.'));
  if (!native) return null;
  const name = native.name.slice('db.'.length);
  if (name === 'TinyInt' && wordOf(field.type) === 'Boolean') return 'BOOLEAN';
  const given = native.given.map(({ value }) => wordOf(value) ?? '').join(', ');
  const base = name.replace(/^Unsigned/, '').toUpperCase();
  return `${base}${given === '' ? '' : `(${given})`}${name.startsWith('Unsigned') ? ' UNSIGNED' : ''}`;
}

function enumType(values: PrismaBlock, { dialect }: ColumnContext): string {
  return `ENUM(${values.fields.map((value) => dialect.literal(databaseName(value))).join(', ')})`;
}

/** The type of a field's column. */
export function columnType(field: PrismaField, context: ColumnContext): string {
  if (field.type.kind === 'call') return wordOf(argumentOf(field.type, '', 0)) ?? '';
  const name = wordOf(field.type) ?? '';
  const values = context.enums.get(name);
  return values ? enumType(values, context) : (nativeType(field) ?? scalarTypes.get(name) ?? '');
}

/** Prisma writes a precision with the time: that of the column. */
function currentTimestamp(type: string): string {
  return `CURRENT_TIMESTAMP${/\(\d+\)$/.exec(type)?.[0] ?? ''}`;
}

/** A moment as MySQL writes it, in UTC; what the type cannot hold is left out. */
function momentText(text: string, type: string): string {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return text;
  const [day = '', time = ''] = moment
    .toISOString()
    .replace(/(\.000)?Z$/, '')
    .split('T');
  if (type === 'DATE') return day;
  return type.startsWith('TIME') && !type.startsWith('TIMESTAMP') ? time : `${day} ${time}`;
}

function constantDefault(value: PrismaValue, field: PrismaField, context: ColumnContext): string | null {
  const text = wordOf(value);
  const type = wordOf(field.type) ?? '';
  if (text === null || type === 'Bytes') return null;
  if (type === 'DateTime') return context.dialect.literal(momentText(text, columnType(field, context)));
  const values = context.enums.get(type);
  const chosen = values?.fields.find(({ name }) => name === text);
  if (chosen) return context.dialect.literal(databaseName(chosen));
  const isNumber = value.kind === 'word' || type === 'Decimal';
  return isNumber ? text : context.dialect.literal(text);
}

/** The default of the database; those that Prisma's client makes (`uuid()`, `cuid()`) are none. */
function defaultSql(field: PrismaField, context: ColumnContext): string | null {
  const attribute = attributeOf(field, 'default');
  const value = attribute && argumentOf(attribute, 'value', 0);
  // Prisma leaves out every default of a JSON column.
  if (!value || wordOf(field.type) === 'Json') return null;
  if (value.kind !== 'call') return constantDefault(value, field, context);
  if (value.name === 'now') return currentTimestamp(columnType(field, context));
  return value.name === 'dbgenerated' ? wordOf(argumentOf(value, '', 0)) : null;
}

const isAutoIncrement = (field: PrismaField): boolean => {
  const value = argumentOf(attributeOf(field, 'default') ?? { given: [] }, 'value', 0);
  return value?.kind === 'call' && value.name === 'autoincrement';
};

/** The column as CREATE TABLE has it. */
export function columnSql(field: PrismaField, context: ColumnContext): string {
  const text = defaultSql(field, context);
  return [
    context.dialect.quote(databaseName(field)),
    columnType(field, context),
    field.arity === 'one' ? 'NOT NULL' : 'NULL',
    ...(text === null ? [] : [`DEFAULT ${text}`]),
    ...(isAutoIncrement(field) ? ['AUTO_INCREMENT'] : []),
  ].join(' ');
}
