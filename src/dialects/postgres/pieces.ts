import type { SqlValue } from '../../dialect/connection.ts';
import type { Naming } from '../../dialect/dialect.ts';
import type { Hazard, Statement } from '../../dialect/statement.ts';
import type { Walk } from '../../dialect/walk.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { Column, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';

/** What a handler of `compile` may look at. The draft stands before the operation at hand. */
export interface Context {
  readonly draft: SchemaDraft;
  readonly naming: Naming;
  /** Major version of the server. */
  readonly major: number;
  /** Name of the default namespace, for the few statements that must spell it. */
  readonly home: string;
  /** Keys of tables made by earlier operations of the same input: nobody else sees them yet. */
  readonly created: ReadonlySet<string>;
}

/** A statement before it is put into a segment. */
export interface Piece {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  readonly kind: Statement['kind'];
  readonly hazards: readonly Hazard[];
  /**
   * `alone`: outside of transactions. `last`: the transaction must end right after it. `batches`: its rows have
   * transactions of their own.
   */
  readonly place: 'transaction' | 'alone' | 'last' | 'batches';
  readonly walk?: Walk;
}

export function ddl(sql: string, ...hazards: readonly Hazard[]): Piece {
  return { sql, parameters: [], kind: 'ddl', hazards, place: 'transaction' };
}

export function data(sql: string, parameters: readonly SqlValue[] = []): Piece {
  return { sql, parameters, kind: 'data', hazards: [], place: 'transaction' };
}

/** The piece, to be run outside of transactions. */
export function alone(piece: Piece): Piece {
  const hazard: Hazard = {
    code: 'not-transactional',
    message: 'runs outside of a transaction: a failure leaves what was done before it',
  };
  return { ...piece, place: 'alone', hazards: [...piece.hazards, hazard] };
}

export function isNew(context: Context, table: TableRef): boolean {
  return context.created.has(refKey(table));
}

/** Hazards of a statement on a table, none where the table was made a moment ago. */
export function onPresent(context: Context, table: TableRef, hazards: readonly Hazard[]): readonly Hazard[] {
  return isNew(context, table) ? [] : hazards;
}

export function hazard(code: Hazard['code'], message: string): Hazard {
  return { code, message };
}

export function unsupported(operation: string, what: string, hint: string): SurefootError {
  return new SurefootError('operation/unsupported', what, {
    details: { operation, dialect: 'postgres' },
    hint,
  });
}

function unknownObject(operation: Operation['kind'], object: string): SurefootError {
  return new SurefootError('operation/unknown-object', `${operation}: there is no ${object}.`, {
    details: { operation, object },
    hint: 'Compare the revision with the schema that the database has at this point.',
  });
}

/** The table as it stands before the operation. */
export function tableBefore(context: Context, ref: TableRef, kind: Operation['kind']): Table {
  const table = context.draft.tables.get(refKey(ref));
  if (table === undefined) throw unknownObject(kind, `table ${displayRef(ref)}`);
  return table;
}

export function columnBefore(table: Table, name: string, kind: Operation['kind']): Column {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined) throw unknownObject(kind, `column ${displayRef(table)}.${name}`);
  return column;
}

export function partBefore<T>(part: T | undefined, kind: Operation['kind'], object: string): T {
  if (part === undefined) throw unknownObject(kind, object);
  return part;
}
