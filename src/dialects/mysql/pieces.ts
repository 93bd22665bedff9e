import type { Hazard, Statement } from '../../dialect/statement.ts';
import type { Walk } from '../../dialect/walk.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { Naming } from '../../schema/naming.ts';
import type { Column, Table, TableRef } from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import type { Respelled } from './changed-texts.ts';
import type { EnumColumn } from './enum-columns.ts';
import type { MysqlTraits } from './traits.ts';

/** What a handler of `compile` sees: the operation's table on both sides, and everything after it. */
export interface Moment {
  readonly traits: MysqlTraits;
  readonly naming: Naming;
  readonly before: Table | undefined;
  readonly after: Table | undefined;
  /** The schema after the operation. */
  readonly draft: SchemaDraft;
  /** True: the table was made by an earlier operation of the same input, so that it is empty or nearly so. */
  readonly isNew: boolean;
  /** Views and triggers whose text the operation, a renaming, changes. */
  readonly respelled: Respelled;
  /** Columns of each named enum, by `refKey` of the enum. */
  readonly enumColumns: ReadonlyMap<string, readonly EnumColumn[]>;
}

/** Clauses of one kind may share an ALTER TABLE, as long as they do not meddle with the same part. */
export type ClauseFamily = 'shape' | 'rename' | 'rewrite' | 'drop-key' | 'add-key';

/** Part of an ALTER TABLE. */
export interface Clause {
  readonly form: 'clause';
  readonly table: TableRef;
  readonly family: ClauseFamily;
  readonly sql: string;
  /** What it makes, changes or takes away. */
  readonly touches: readonly string[];
  /** What must not have been touched in the same statement before. */
  readonly after: readonly string[];
  readonly hazards: readonly Hazard[];
}

/** A statement of its own. */
export interface Whole {
  readonly form: 'whole';
  readonly sql: string;
  readonly kind: Statement['kind'];
  readonly mode: 'transaction' | 'autocommit' | 'batches';
  readonly walk?: Walk;
  readonly hazards: readonly Hazard[];
}

/** What an operation becomes. */
export type Piece = Clause | Whole;

/** A statement that commits by itself. */
export function ddl(sql: string, ...hazards: readonly Hazard[]): Whole {
  return { form: 'whole', sql, kind: 'ddl', mode: 'autocommit', hazards };
}

/** A statement for a transaction. */
export function data(sql: string): Whole {
  return { form: 'whole', sql, kind: 'data', mode: 'transaction', hazards: [] };
}

/** A clause; what it touches must not have been touched before, unless `after` says otherwise. */
export function clause(
  parts: Pick<Clause, 'table' | 'sql' | 'touches'> & Partial<Pick<Clause, 'family' | 'after' | 'hazards'>>,
): Clause {
  return { form: 'clause', family: 'shape', after: parts.touches, hazards: [], ...parts };
}

/** A hazard of a statement. */
export function hazard(code: Hazard['code'], message: string): Hazard {
  return { code, message };
}

/** A refusal of what this server cannot do. */
export function unsupported(operation: string, what: string, hint: string): SurefootError {
  return new SurefootError('operation/unsupported', what, { details: { operation, dialect: 'mysql' }, hint });
}

function unknown(operation: string, object: string): SurefootError {
  return new SurefootError('operation/unknown-object', `${operation}: there is no ${object}`, {
    details: { operation, object },
    hint: 'compare the revision with the schema that the database has at this point',
  });
}

/** The table before the operation. */
export function tableBefore(operation: Operation & { readonly table: TableRef }, moment: Moment): Table {
  if (moment.before) return moment.before;
  throw unknown(operation.kind, `table ${displayRef(operation.table)}`);
}

/** The table after the operation, which is there if it was there before. */
export function tableAfter(operation: Operation & { readonly table: TableRef }, moment: Moment): Table {
  if (moment.after) return moment.after;
  throw unknown(operation.kind, `table ${displayRef(operation.table)}`);
}

/** The part, which must be there. */
export function known<T>(part: T | undefined, operation: Operation['kind'], object: string): T {
  if (part !== undefined) return part;
  throw unknown(operation, object);
}

/** The column, which must be there. */
export function columnOf(table: Table, name: string, operation: Operation['kind']): Column {
  const column = table.columns.find((one) => one.name === name);
  return known(column, operation, `column ${displayRef(table)}.${name}`);
}
