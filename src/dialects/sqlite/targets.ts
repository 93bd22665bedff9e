// Constraints and indexes that an operation takes away: found in the table as it is, however they were spelled.

import { SurefootError } from '../../kernel/errors.ts';
import { resolveDrop } from '../../operations/living-part.ts';
import { indexColumns } from '../../operations/match.ts';
import type { CheckTarget, ConstraintTarget, Operation } from '../../operations/operation.ts';
import type { Check, Table } from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import { foldExpression, namesOf } from './expressions.ts';
import { foldTable } from './normalize.ts';
import { nameTable } from './part-names.ts';
import { type Context, lookupOf, tableOf } from './pieces.ts';
import { sameName } from './quote.ts';

interface Part {
  readonly name: string | null;
}

function findPart<T extends Part>(
  list: readonly T[],
  target: ConstraintTarget,
  columnsOf: (part: T) => readonly string[],
): T | undefined {
  if ('name' in target) return list.find((part) => part.name === target.name);
  return list.find((part) => {
    const columns = columnsOf(part);
    return (
      columns.length === target.columns.length && columns.every((column, at) => column === target.columns[at])
    );
  });
}

function findCheck(table: Table, target: CheckTarget): Check | undefined {
  if ('name' in target) return table.checks.find((check) => check.name === target.name);
  const sql = foldExpression(target.sql, namesOf(table));
  return table.checks.find((check) => check.sql === sql);
}

/** Columns and expressions as the folded table spells them. */
function foldTarget(table: Table, target: ConstraintTarget): ConstraintTarget {
  if ('name' in target) return target;
  const names = namesOf(table);
  const exact = (column: string) => table.columns.find(({ name }) => sameName(name, column))?.name;
  return { columns: target.columns.map((column) => exact(column) ?? foldExpression(column, names)) };
}

function missing(operation: Operation, table: Table, what: string): SurefootError {
  const object = `${what} of ${displayRef(table)}`;
  return new SurefootError('operation/unknown-object', `${operation.kind}: there is no ${object}.`, {
    details: { operation: operation.kind, object },
    hint: 'Compare the revision with the schema that the database has at this point.',
  });
}

function columnsTarget<T extends Part>(part: T, columns: readonly string[]): ConstraintTarget {
  return part.name === null ? { columns } : { name: part.name };
}

type Drop = Extract<Operation, { readonly kind: 'dropUnique' | 'dropForeignKey' | 'dropIndex' }>;

function resolveTarget<T extends Part>(
  operation: Drop,
  table: Table,
  { list, columnsOf }: { readonly list: readonly T[]; readonly columnsOf: (part: T) => readonly string[] },
): Operation {
  const target = foldTarget(table, operation.target);
  const found = findPart(list, target, columnsOf);
  const said = 'name' in target ? target.name : `(${target.columns.join(', ')})`;
  if (!found) throw missing(operation, table, said);
  return { ...operation, target: columnsTarget(found, columnsOf(found)) };
}

const columnsOf = (part: { readonly columns: readonly string[] }) => part.columns;

/** The drop of what the operation remembers, if the table has it. */
function remembered(operation: Operation, context: Context): Operation {
  if (!('target' in operation) || 'name' in operation.target || operation.was === null) return operation;
  const table = tableOf(operation.kind, operation.table, context);
  const form = (one: Table) => {
    const folded = foldTable(one, lookupOf(context.draft));
    return nameTable(folded, null, context.naming);
  };
  return resolveDrop(operation, { table, form });
}

/** The operation with its target as the table at hand names it; refuses one that is not there. */
export function resolve(given: Operation, context: Context): Operation {
  const operation = remembered(given, context);
  switch (operation.kind) {
    case 'dropUnique': {
      const table = tableOf(operation.kind, operation.table, context);
      return resolveTarget(operation, table, { list: table.uniques, columnsOf });
    }
    case 'dropForeignKey': {
      const table = tableOf(operation.kind, operation.table, context);
      return resolveTarget(operation, table, { list: table.foreignKeys, columnsOf });
    }
    case 'dropIndex': {
      const table = tableOf(operation.kind, operation.table, context);
      return resolveTarget(operation, table, { list: table.indexes, columnsOf: indexColumns });
    }
    case 'dropCheck': {
      const table = tableOf(operation.kind, operation.table, context);
      const found = findCheck(table, operation.target);
      const said = 'name' in operation.target ? operation.target.name : `(${operation.target.sql})`;
      if (!found) throw missing(operation, table, said);
      return { ...operation, target: found.name === null ? { sql: found.sql } : { name: found.name } };
    }
    case 'dropPrimaryKey': {
      const table = tableOf(operation.kind, operation.table, context);
      if (table.primaryKey === null) throw missing(operation, table, 'primary key');
      return operation;
    }
    default:
      return operation;
  }
}
