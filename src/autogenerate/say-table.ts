import type { Check, ForeignKey, Index, IndexPart, PrimaryKey, Table, Unique } from '../schema/schema.ts';
import type { Expression } from './code/expression.ts';
import { json, record, unless } from './code/expression.ts';
import type { FoldedTable } from './fold-parts.ts';
import { foldTable } from './fold-parts.ts';
import { referenceOptions, sayColumn, sayName } from './say-column.ts';

function sayIndexPart(part: IndexPart): unknown {
  const { column, sql, descending, nulls, collation, operatorClass, length } = part;
  const more = {
    descending: unless(false, descending),
    nulls: nulls ?? undefined,
    collation: collation ?? undefined,
    operatorClass: operatorClass ?? undefined,
    length: length ?? undefined,
  };
  const isPlain = Object.values(more).every((member) => member === undefined);
  if (column !== null && isPlain) return column;
  return { ...(column === null ? { sql } : { column }), ...more };
}

/** The columns and expressions of an index. */
export const indexParts = (index: Index): readonly unknown[] => index.parts.map(sayIndexPart);

/** What an index says besides its parts. */
export function indexOptions(index: Index) {
  return {
    unique: unless(false, index.unique),
    where: index.where ?? undefined,
    method: index.method ?? undefined,
    include: index.include.length === 0 ? undefined : index.include,
    nullsNotDistinct: unless(false, index.nullsNotDistinct),
  };
}

/** What a unique constraint says besides its columns. */
export function uniqueOptions(unique: Unique) {
  return {
    nullsNotDistinct: unless(false, unique.nullsNotDistinct),
    deferrable: unless('no', unique.deferrable),
  };
}

/** Only the columns, where there is nothing else to say. */
function shortly(columns: readonly unknown[], name: string | null, more: object): unknown {
  const isBare = name === null && Object.values(more).every((member) => member === undefined);
  const isPlain = isBare && columns.every((column) => typeof column === 'string');
  return isPlain ? columns : { name: name ?? undefined, columns, ...more };
}

function sayForeignKey(key: ForeignKey): Expression {
  const { name, ...options } = referenceOptions(key);
  const { table, columns } = key.references;
  return record({
    name,
    columns: json(key.columns),
    references: record({ table: sayName(table), columns: json(columns) }),
    ...options,
  });
}

const sayCheck = ({ name, sql, valid }: Check): unknown =>
  name === null && valid ? sql : { name: name ?? undefined, sql, valid: unless(true, valid) };

const sayPrimaryKey = ({ name, columns }: PrimaryKey): unknown =>
  name === null ? columns : { name, columns };

function list<T>(parts: readonly T[], say: (part: T) => Expression): Expression | undefined {
  return parts.length === 0 ? undefined : { kind: 'list', items: parts.map(say) };
}

function sayExtras(table: Table, rest: FoldedTable['rest']): Expression {
  const { primaryKey, uniques, foreignKeys, checks, indexes } = rest;
  const { comment, options } = table;
  return record({
    primaryKey: primaryKey ? json(sayPrimaryKey(primaryKey)) : undefined,
    uniques: list(uniques, (one) => json(shortly(one.columns, one.name, uniqueOptions(one)))),
    foreignKeys: list(foreignKeys, sayForeignKey),
    checks: list(checks, (one) => json(sayCheck(one))),
    indexes: list(indexes, (one) => json(shortly(indexParts(one), one.name, indexOptions(one)))),
    comment: comment === null ? undefined : json(comment),
    options: Object.keys(options).length === 0 ? undefined : json(options),
  });
}

/** The arguments of `createTable`: name, columns with what belongs to them, and the rest. */
export function sayTable(table: Table): readonly Expression[] {
  const { at, rest } = foldTable(table);
  const columns = table.columns.map(
    (column) => [column.name, sayColumn(column, at.get(column.name))] as const,
  );
  return [sayName(table), { kind: 'record', members: columns, isOpen: true }, sayExtras(table, rest)];
}
