import type { Diff, Renames } from '../diff/diff.ts';
import { diff } from '../diff/diff.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { SqlSyntax } from '../kernel/sql-text.ts';
import { tokenize } from '../kernel/sql-text.ts';
import { applyTo } from '../operations/apply.ts';
import {
  findCheck,
  indexColumns,
  sameCheck,
  sameForeignKey,
  sameIndex,
  sameUnique,
  targetOf,
} from '../operations/match.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import { findValidated, isCheck } from '../operations/validate-constraint.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft } from '../schema/draft.ts';
import type { Column, Schema, Table } from '../schema/schema.ts';
import { displayRef, findTable, refKey, refOf } from '../schema/schema.ts';

// What raw SQL did, read back from the catalogue. The database is the parser: the schemas before and after are compared,
// and the difference is put into operations. Only one thing is asked of the text: whether something that went and something
// like it that came is one thing under another name.

/** What statements did to a schema; a text where no operation expresses it. */
export function effectOfSql(
  texts: readonly string[],
  schemas: { readonly before: Schema; readonly after: Schema },
  means: { readonly history: SchemaDraft; readonly syntax: SqlSyntax },
): readonly Operation[] | string {
  const { before, after } = schemas;
  const renames = texts.some((sql) => saysRename(sql, means.syntax)) ? guessRenames(before, after) : none;
  // One server spelled both sides: texts that differ are different.
  const found: Diff = diff(before, after, { renames, settle: () => 'different' });
  const [problem] = found.inexpressible;
  if (problem) return `${problem.object}: ${problem.reason}`;
  return retarget(found.operations, means.history);
}

const none: Renames = { tables: [], columns: [] };

function saysRename(sql: string, syntax: SqlSyntax): boolean {
  return tokenize(sql, syntax).some(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'rename');
}

const only = <T>(list: readonly T[]): T | null => (list.length === 1 ? (list[0] ?? null) : null);

const shapeOf = ({ columns }: Table): string =>
  canonicalJson(columns.map(({ name, type, nullable }) => [name, type, nullable]));

/** One that went and one that came, alike but for the name. */
function guessRenames(before: Schema, after: Schema): Renames {
  const gone = only(before.tables.filter((table) => !findTable(after, table)));
  const made = only(after.tables.filter((table) => !findTable(before, table)));
  if (gone && made) {
    const alike = shapeOf(gone) === shapeOf(made);
    return alike ? { tables: [{ from: refOf(gone), to: refOf(made) }], columns: [] } : none;
  }
  if (gone || made) return none;
  const columns = after.tables.flatMap((table) => {
    const old = findTable(before, table);
    const renamed = old && renamedColumn(old, table);
    return renamed ? [{ table: refOf(table), ...renamed }] : [];
  });
  return { tables: [], columns };
}

function renamedColumn(before: Table, after: Table): { readonly from: string; readonly to: string } | null {
  const isIn = (table: Table, { name }: Column) => table.columns.some((column) => column.name === name);
  const gone = only(before.columns.filter((column) => !isIn(after, column)));
  const made = only(after.columns.filter((column) => !isIn(before, column)));
  if (!gone || !made || before.columns.indexOf(gone) !== after.columns.indexOf(made)) return null;
  const form = (column: Column) => canonicalJson({ ...column, name: '' });
  return form(gone) === form(made) ? { from: gone.name, to: made.name } : null;
}

/**
 * A server names what its author left unnamed. Drops by such a name are said again in the words of history, which
 * knows the part by its columns.
 */
function retarget(operations: readonly Operation[], history: SchemaDraft): readonly Operation[] {
  const draft = copyDraft(history);
  return operations.map((operation) => {
    const table = 'table' in operation && 'target' in operation ? tableOf(draft, operation) : undefined;
    const said = table ? retargetOne(operation, table) : operation;
    applyTo(draft, said);
    return said;
  });
}

function tableOf(draft: SchemaDraft, operation: { readonly table: Table | { readonly name: string } }) {
  const { namespace = null, name } = operation.table as Table;
  return draft.tables.get(refKey({ namespace, name }));
}

function retargetOne(operation: Operation, table: Table): Operation {
  switch (operation.kind) {
    case 'dropIndex':
      return retargetIndex(operation, table);
    case 'dropUnique':
      return retargetUnique(operation, table);
    case 'dropForeignKey': {
      const { was, target } = operation;
      if (!was || isNamed(table.foreignKeys, target)) return operation;
      const own = table.foreignKeys.find((one) => one.name === null && sameForeignKey(one, was));
      return own ? { ...operation, target: { columns: own.columns }, was: own } : operation;
    }
    case 'dropCheck': {
      const { was, target } = operation;
      if (!was || findCheck(table, target)) return operation;
      const own =
        table.checks.find((one) => one.name === null && sameCheck(one, was)) ??
        only(table.checks.filter((one) => one.name === null));
      return own ? { ...operation, target: { sql: own.sql }, was: own } : operation;
    }
    case 'validateConstraint':
      return retargetValidation(operation, table);
    default:
      return operation;
  }
}

function retargetValidation(operation: OperationOf<'validateConstraint'>, table: Table): Operation {
  const { was } = operation;
  if (!was || findValidated(table, operation)) return operation;
  if (isCheck(was)) {
    const own = table.checks.find((one) => one.name === null && sameCheck(one, was));
    return own ? { ...operation, target: { sql: own.sql }, was: own } : operation;
  }
  const own = table.foreignKeys.find((one) => one.name === null && sameForeignKey(one, was));
  return own ? { ...operation, target: { columns: own.columns }, was: own } : operation;
}

type Target = OperationOf<'dropIndex'>['target'];

const isNamed = (parts: readonly { readonly name: string | null }[], target: Target): boolean =>
  'name' in target && parts.some(({ name }) => name === target.name);

function retargetIndex(operation: OperationOf<'dropIndex'>, table: Table): Operation {
  const { was, target } = operation;
  if (!was || isNamed(table.indexes, target)) return operation;
  const own = table.indexes.find((one) => one.name === null && sameIndex(one, was));
  if (own) return { ...operation, target: { columns: indexColumns(own) }, was: own };
  const unique = table.uniques.find(
    (one) =>
      was.unique &&
      (one.name === was.name ||
        (one.name === null && canonicalJson(one.columns) === canonicalJson(indexColumns(was)))),
  );
  if (!unique) return operation;
  return {
    kind: 'dropUnique',
    table: operation.table,
    target: targetOf(unique, unique.columns),
    was: unique,
  };
}

function retargetUnique(operation: OperationOf<'dropUnique'>, table: Table): Operation {
  const { was, target } = operation;
  if (!was || isNamed(table.uniques, target)) return operation;
  const own = table.uniques.find((one) => one.name === null && sameUnique(one, was));
  return own ? { ...operation, target: { columns: own.columns }, was: own } : operation;
}

/** The object that an operation needs and a schema lacks, in words; `null`: it has all. */
export function missingTable(operation: Operation, schema: Schema): string | null {
  if (!('table' in operation) || operation.kind === 'createTable') return null;
  const { table } = operation;
  return findTable(schema, table) || schema.views.some((view) => refKey(view) === refKey(table))
    ? null
    : displayRef(table);
}
