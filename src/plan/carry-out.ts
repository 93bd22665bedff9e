// Operations carried out in a schema, one after the other, with names for what their authors left unnamed.
// In: a draft, operations. Out: the draft as they leave it, the same operations with their names, and names that clash.
// Must not know SQL.

import type { Dialect, Naming } from '../dialect/dialect.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { applyTo, touches } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { openDraft, type SchemaDraft } from '../schema/draft.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import { type Clash, openNames } from './names.ts';

/** Whose rules of names hold. */
export interface NamingMeans {
  readonly dialect: Dialect;
  readonly naming: Naming;
}

/** An operation that has been carried out: with the name of what it makes, and what that clashes with. */
export interface Carried {
  readonly operation: Operation;
  readonly clash: Clash | null;
}

export type CarryOut = (operation: Operation) => Carried;

interface Part {
  readonly name: string | null;
}

/** The part, with the name that it got in the table. */
function namedPart<T extends Part>(part: T, now: readonly T[], before: readonly T[]): T {
  if (part.name !== null) return part;
  const form = (one: T) => canonicalJson({ ...one, name: null });
  const old = new Set(before.map(({ name }) => name));
  const found = now.find((one) => !old.has(one.name) && form(one) === form(part));
  return found ?? part;
}

/** The operation, with the names that its table has them by. */
function named(operation: Operation, now: Table, before: Table | undefined): Operation {
  switch (operation.kind) {
    case 'createTable':
      return { ...operation, table: now };
    case 'addPrimaryKey':
      return { ...operation, primaryKey: now.primaryKey ?? operation.primaryKey };
    case 'addUnique':
      return { ...operation, unique: namedPart(operation.unique, now.uniques, before?.uniques ?? []) };
    case 'addForeignKey':
      return {
        ...operation,
        foreignKey: namedPart(operation.foreignKey, now.foreignKeys, before?.foreignKeys ?? []),
      };
    case 'addCheck':
      return { ...operation, check: namedPart(operation.check, now.checks, before?.checks ?? []) };
    case 'createIndex':
      return { ...operation, index: namedPart(operation.index, now.indexes, before?.indexes ?? []) };
    default:
      return operation;
  }
}

/**
 * Carries operations out in the draft. What they leave unnamed gets its name there and then, one that nothing else has: a
 * later renaming does not change it, and what was renamed before keeps its own.
 */
export function carryOutIn(live: SchemaDraft, { dialect, naming }: NamingMeans): CarryOut {
  const names = openNames(live, dialect.traits);
  const free = names.avoiding(naming);
  return (operation) => {
    const isRenaming = operation.kind === 'renameTable' || operation.kind === 'renameColumn';
    const refs = touches(operation).flatMap((one) => (one.kind === 'table' && !isRenaming ? one.ref : []));
    const before = new Map(refs.map((ref) => [refKey(ref), live.tables.get(refKey(ref))]));
    names.leave(operation);
    dialect.goAlong?.(live, operation);
    applyTo(live, operation);
    let result = operation;
    for (const [key, old] of before) {
      const table = live.tables.get(key);
      if (!table || table === old) continue;
      const now = dialect.nameParts(table, old ?? null, free);
      live.tables.set(key, now);
      result = named(result, now, old);
    }
    return { operation: result, clash: names.enter(operation) };
  };
}

/** The operations, with names for what their authors left unnamed. */
export function nameOperations(
  operations: readonly Operation[],
  before: Schema,
  means: NamingMeans,
): readonly Operation[] {
  const carryOut = carryOutIn(openDraft(before), means);
  return operations.map((operation) => carryOut(operation).operation);
}
