// Operations on tables, views, triggers and what SQLite does not have.

import type { OperationHandlers } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { TableRef } from '../../schema/schema.ts';
import { displayRef, sameRef } from '../../schema/schema.ts';
import { refuseTable } from './lacking.ts';
import { foldTable } from './normalize.ts';
import { foldTrigger } from './parse-index.ts';
import { nameTable } from './part-names.ts';
import {
  type Context,
  ddl,
  hazard,
  lookupOf,
  ordinary,
  type Piece,
  tableOf,
  unlinked,
  unsupported,
} from './pieces.ts';
import { foldName, quote, quoteRef } from './quote.ts';
import { spellIndex, spellTable } from './spelling.ts';
import { trimStatement } from './tokens.ts';

type Handlers = OperationHandlers<Context, readonly Piece[]>;

export const createTable: Handlers['createTable'] = ({ table: given }, { draft, naming }) => {
  if (given.namespace !== null) {
    const where = displayRef(given);
    throw unsupported('createTable', `SQLite has no namespaces: ${where}.`, 'Leave the namespace out.');
  }
  refuseTable('createTable', given);
  const table = nameTable(foldTable(given, lookupOf(draft)), null, naming);
  return [ddl(spellTable(table)), ...table.indexes.map((index) => ddl(spellIndex(index, table)))];
};

function isReferenced(draft: SchemaDraft, ref: TableRef): boolean {
  for (const table of draft.tables.values()) {
    if (table.foreignKeys.some((key) => sameRef(key.references.table, ref))) return true;
  }
  return false;
}

export const dropTable: Handlers['dropTable'] = ({ table: ref }, context) => {
  const table = tableOf('dropTable', ref, context);
  const loss = hazard('data-loss', `destroys every row of ${table.name}`);
  // With foreign keys on, DROP TABLE first deletes the rows, and with them those of tables that refer to it.
  const drop = isReferenced(context.draft, table) ? unlinked : ddl;
  return [drop(`DROP TABLE ${quoteRef(table)}`, loss)];
};

export const renameTable: Handlers['renameTable'] = ({ from: ref, to }, context) => {
  const from = tableOf('renameTable', ref, context);
  const rename = (source: string, target: string) =>
    ordinary(`ALTER TABLE ${quoteRef({ ...from, name: source })} RENAME TO ${quote(target)}`);
  if (from.name === to.name) return [];
  if (foldName(from.name) !== foldName(to.name)) return [rename(from.name, to.name)];
  // A name that differs only in case counts as taken.
  const between = `_surefoot_${from.name}`;
  return [rename(from.name, between), rename(between, to.name)];
};

export const createView: Handlers['createView'] = ({ view }) => {
  if (view.materialized) {
    const message = `SQLite has no materialized views: ${displayRef(view)}.`;
    throw unsupported('createView', message, 'Make it a view, or a table that a trigger fills.');
  }
  return [ddl(`CREATE VIEW ${quoteRef(view)} AS ${trimStatement(view.sql)}`)];
};

export const dropView: Handlers['dropView'] = ({ view }) => [ddl(`DROP VIEW ${quoteRef(view)}`)];

export const createTrigger: Handlers['createTrigger'] = ({ trigger }) => [ddl(foldTrigger(trigger.sql))];

export const dropTrigger: Handlers['dropTrigger'] = ({ table, trigger }) => [
  ddl(`DROP TRIGGER ${quoteRef({ namespace: table.namespace, name: trigger })}`),
];

/** Comments and named enums leave no trace in SQLite. */
export const nothing = (): readonly Piece[] => [];

function lacking(kind: Parameters<typeof unsupported>[0], what: string, hint: string): () => never {
  return () => {
    throw unsupported(kind, `SQLite has no ${what}.`, hint);
  };
}

const routineHint = 'Register functions in the application, or use a trigger.';
const sequenceHint = 'Use an INTEGER primary key, which numbers by itself.';
const namespaceHint = 'Put the tables into the one namespace that there is.';

export const createNamespace = lacking('createNamespace', 'namespaces', namespaceHint);
export const dropNamespace = lacking('dropNamespace', 'namespaces', namespaceHint);
export const createRoutine = lacking('createRoutine', 'routines', routineHint);
export const dropRoutine = lacking('dropRoutine', 'routines', routineHint);
export const createSequence = lacking('createSequence', 'sequences', sequenceHint);
export const dropSequence = lacking('dropSequence', 'sequences', sequenceHint);
