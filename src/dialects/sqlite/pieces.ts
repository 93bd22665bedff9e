import type { SqlValue } from '../../dialect/connection.ts';
import type { Naming } from '../../dialect/dialect.ts';
import type { Hazard, Segment, Statement } from '../../dialect/statement.ts';
import type { Walk } from '../../dialect/walk.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import { foldTable, type TableLookup } from './normalize.ts';
import { type NamedTable, nameTable } from './part-names.ts';
import { foldName } from './quote.ts';

/** What a handler of compile may look at: the schema before its operation, and how names are made. */
export interface Context {
  readonly draft: SchemaDraft;
  readonly naming: Naming;
  readonly maxParameters: number;
}

/** A statement before it stands in a segment. `any`: wherever its neighbours stand. */
export interface Piece {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  readonly kind: Statement['kind'];
  readonly hazards: readonly Hazard[];
  readonly mode: Segment['mode'] | 'any';
  readonly walk?: Walk;
}

const plain = { parameters: [], hazards: [] } as const;

/** DDL that foreign keys and ALTER's ways make no difference to. */
export function ddl(sql: string, ...hazards: readonly Hazard[]): Piece {
  return { ...plain, sql, kind: 'ddl', mode: 'any', hazards };
}

/** DDL that must not run with the old way of ALTER. */
export function ordinary(sql: string, ...hazards: readonly Hazard[]): Piece {
  return { ...ddl(sql, ...hazards), mode: 'transaction' };
}

/** DDL that needs the foreign keys switched off. */
export function unlinked(sql: string, ...hazards: readonly Hazard[]): Piece {
  return { ...ddl(sql, ...hazards), mode: 'rebuild' };
}

export function data(sql: string, parameters: readonly SqlValue[] = []): Piece {
  return { sql, parameters, kind: 'data', hazards: [], mode: 'transaction' };
}

export function hazard(code: Hazard['code'], message: string): Hazard {
  return { code, message };
}

/** A refusal: SQLite cannot do this, or not without losing something. */
export function unsupported(operation: Operation['kind'], message: string, hint: string): SurefootError {
  return new SurefootError('operation/unsupported', message, {
    details: { operation, dialect: 'sqlite' },
    hint,
  });
}

/** Tables of the draft, by their name in any case. */
export function lookupOf(draft: SchemaDraft): TableLookup {
  return (ref) => {
    const found = draft.tables.get(refKey(ref));
    if (found) return found;
    const folded = foldName(refKey(ref));
    for (const [key, table] of draft.tables) if (foldName(key) === folded) return table;
    return undefined;
  };
}

/**
 * The table as it lives: folded, its indexes named. Those that an earlier operation of the plan left unnamed got their
 * names when they were made; constraints may well live without one.
 */
export function asLiving(table: Table, { draft, naming }: Context): NamedTable {
  const folded = foldTable(table, lookupOf(draft));
  return nameTable(folded, folded, naming);
}

/** The table that an operation is about, as it lives. */
export function tableOf(operation: Operation['kind'], ref: TableRef, context: Context): NamedTable {
  const table = lookupOf(context.draft)(ref);
  if (table) return asLiving(table, context);
  throw new SurefootError('operation/unknown-object', `${operation}: there is no table ${displayRef(ref)}.`, {
    details: { operation, object: displayRef(ref) },
    hint: 'Compare the revision with the schema that the database has at this point; a table that Surefoot cannot read is named by check.',
  });
}
