// Constraints and indexes of present tables in SQL.
// In: named parts, or targets to be found in the table before. Out: pieces. Must not know segments.

import { findCheck, findTarget, indexColumns } from '../../operations/match.ts';
import type { OperationOf } from '../../operations/operation.ts';
import { findValidated, isCheck } from '../../operations/validate-constraint.ts';
import type { Check, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import { checkSql, foreignKeySql, indexSql, nameOf, primaryKeySql, uniqueSql } from './constraint-sql.ts';
import { expressionContext, foldExpression } from './expression.ts';
import { namedTable } from './part-names.ts';
import type { Context, Piece } from './pieces.ts';
import { alone, ddl, hazard, isNew, onPresent, partBefore, tableBefore } from './pieces.ts';
import { quoteIdentifier, quoteRef } from './quote.ts';

function add(table: TableRef, definition: string): string {
  return `ALTER TABLE ${quoteRef(table)} ADD ${definition}`;
}

function dropConstraint(table: TableRef, name: string): Piece {
  return ddl(`ALTER TABLE ${quoteRef(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`);
}

const blocksAll = (table: TableRef) =>
  hazard('blocks-reads', `reads and writes of ${displayRef(table)} wait while its rows are read through`);
const blocksWrites = (table: TableRef) =>
  hazard('blocks-writes', `writes to ${displayRef(table)} wait while its rows are read through`);
const duplicates = (table: TableRef, columns: readonly string[]) =>
  hazard('fails-on-rows', `fails if ${displayRef(table)} has duplicates of (${columns.join(', ')})`);

export function addPrimaryKey(operation: OperationOf<'addPrimaryKey'>, context: Context): readonly Piece[] {
  const { table, primaryKey } = operation;
  const hazards = [blocksAll(table), duplicates(table, primaryKey.columns)];
  return [ddl(add(table, primaryKeySql(primaryKey)), ...onPresent(context, table, hazards))];
}

export function dropPrimaryKey(operation: OperationOf<'dropPrimaryKey'>, context: Context): readonly Piece[] {
  const table = namedTable(tableBefore(context, operation.table, 'dropPrimaryKey'), context.naming);
  const key = partBefore(
    table.primaryKey ?? undefined,
    'dropPrimaryKey',
    `primary key of ${displayRef(table)}`,
  );
  return [dropConstraint(operation.table, nameOf(key))];
}

export function addUnique({ table, unique }: OperationOf<'addUnique'>, context: Context): readonly Piece[] {
  const hazards = [blocksAll(table), duplicates(table, unique.columns)];
  return [ddl(add(table, uniqueSql(unique, context)), ...onPresent(context, table, hazards))];
}

function wanted({ target, table }: { readonly target: object; readonly table: TableRef }): string {
  const what = 'name' in target ? String(target.name) : JSON.stringify(Object.values(target)[0]);
  return `${what} of ${displayRef(table)}`;
}

export function dropUnique(operation: OperationOf<'dropUnique'>, context: Context): readonly Piece[] {
  const table = namedTable(tableBefore(context, operation.table, 'dropUnique'), context.naming);
  const found = findTarget(table.uniques, operation.target, (one) => one.columns);
  return [dropConstraint(operation.table, nameOf(partBefore(found, 'dropUnique', wanted(operation))))];
}

export function addForeignKey(operation: OperationOf<'addForeignKey'>, context: Context): readonly Piece[] {
  const { table, foreignKey } = operation;
  const parent = foreignKey.references.table;
  const orphans = hazard(
    'fails-on-rows',
    `fails if ${displayRef(table)} has rows without their ${displayRef(parent)}`,
  );
  const checked = foreignKey.valid ? [...onPresent(context, table, [blocksWrites(table), orphans])] : [];
  const blocked = onPresent(context, parent, [
    hazard('blocks-writes', `writes to ${displayRef(parent)} wait until the transaction ends`),
  ]);
  const sql = `${add(table, foreignKeySql(foreignKey))}${foreignKey.valid ? '' : ' NOT VALID'}`;
  return [ddl(sql, ...checked, ...blocked)];
}

export function dropForeignKey(operation: OperationOf<'dropForeignKey'>, context: Context): readonly Piece[] {
  const table = namedTable(tableBefore(context, operation.table, 'dropForeignKey'), context.naming);
  const found = findTarget(table.foreignKeys, operation.target, (one) => one.columns);
  return [dropConstraint(operation.table, nameOf(partBefore(found, 'dropForeignKey', wanted(operation))))];
}

export function addCheck({ table, check }: OperationOf<'addCheck'>, context: Context): readonly Piece[] {
  const fails = hazard('fails-on-rows', `fails if a row of ${displayRef(table)} breaks it`);
  const hazards = check.valid ? onPresent(context, table, [blocksAll(table), fails]) : [];
  return [ddl(`${add(table, checkSql(check))}${check.valid ? '' : ' NOT VALID'}`, ...hazards)];
}

export function dropCheck(operation: OperationOf<'dropCheck'>, context: Context): readonly Piece[] {
  const table = namedTable(tableBefore(context, operation.table, 'dropCheck'), context.naming);
  const { target } = operation;
  const found = findCheck(table, target) ?? ('sql' in target ? sameExpression(table, target.sql) : undefined);
  return [dropConstraint(operation.table, nameOf(partBefore(found, 'dropCheck', wanted(operation))))];
}

function sameExpression(table: Table, sql: string): Check | undefined {
  const context = expressionContext(table);
  const wantedText = foldExpression(sql, context);
  return table.checks.find((check) => foldExpression(check.sql, context) === wantedText);
}

/**
 * Looks at present rows under a lock that lets others read and write. It stands alone: in one transaction with what added
 * the constraint, the lock of that would be held for as long as the rows are read.
 */
export function validateConstraint(
  operation: OperationOf<'validateConstraint'>,
  context: Context,
): readonly Piece[] {
  const table = namedTable(tableBefore(context, operation.table, 'validateConstraint'), context.naming);
  const { target } = operation;
  const found =
    findValidated(table, operation) ?? ('sql' in target ? sameExpression(table, target.sql) : undefined);
  const part = partBefore(found, 'validateConstraint', wanted(operation));
  if (part.valid) return [];
  const breaks = isCheck(part)
    ? `a row of ${displayRef(table)} breaks it`
    : `${displayRef(table)} has rows without their ${displayRef(part.references.table)}`;
  const sql = `ALTER TABLE ${quoteRef(table)} VALIDATE CONSTRAINT ${quoteIdentifier(nameOf(part))}`;
  const piece = ddl(sql, ...onPresent(context, table, [hazard('fails-on-rows', `fails if ${breaks}`)]));
  return [isNew(context, table) ? piece : alone(piece)];
}

export function createIndex(operation: OperationOf<'createIndex'>, context: Context): readonly Piece[] {
  const { table, index } = operation;
  const concurrently = operation.concurrently && !isNew(context, table);
  const names = index.parts.map((part) => part.column ?? part.sql ?? '');
  const blocks = concurrently ? [] : [blocksWrites(table)];
  const fails = index.unique ? [duplicates(table, names)] : [];
  const sql = indexSql(table, index, { concurrently, major: context.major });
  const pieces = [
    ...dropRuin(operation, context, concurrently),
    ddl(sql, ...onPresent(context, table, [...blocks, ...fails])),
  ];
  return concurrently ? pieces.map(alone) : pieces;
}

/** What an earlier attempt left half-built keeps the name. */
function dropRuin(
  { table, index }: OperationOf<'createIndex'>,
  context: Context,
  concurrently: boolean,
): readonly Piece[] {
  const living = context.draft.tables.get(refKey(table))?.indexes ?? [];
  const ruin = living.find(({ name, valid }) => !valid && name !== null && name === index.name);
  if (!ruin) return [];
  const name = quoteRef({ namespace: table.namespace, name: nameOf(ruin) });
  return [ddl(`DROP INDEX ${concurrently ? 'CONCURRENTLY ' : ''}${name}`)];
}

export function dropIndex(operation: OperationOf<'dropIndex'>, context: Context): readonly Piece[] {
  const { table: ref, target } = operation;
  const table = namedTable(tableBefore(context, ref, 'dropIndex'), context.naming);
  const index = partBefore(findTarget(table.indexes, target, indexColumns), 'dropIndex', wanted(operation));
  const concurrently = operation.concurrently && !isNew(context, ref);
  const name = quoteRef({ namespace: ref.namespace, name: nameOf(index) });
  const blocked = hazard('blocks-reads', `reads and writes of ${displayRef(ref)} wait for an instant`);
  const piece = ddl(
    `DROP INDEX ${concurrently ? 'CONCURRENTLY ' : ''}${name}`,
    ...(concurrently ? [] : onPresent(context, ref, [blocked])),
  );
  return [concurrently ? alone(piece) : piece];
}
