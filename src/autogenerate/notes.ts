import type { Dialect, Naming } from '../dialect/dialect.ts';
import type { Hazard } from '../dialect/statement.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { completeAndApply, describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { Schema, TableRef } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';

/** An operation with remarks for the reader. */
export interface Noted {
  readonly operation: Operation;
  readonly notes: readonly string[];
}

/** What an operation risks on the server at hand. */
export interface OperationHazard extends Hazard {
  /** Its position among the operations. */
  readonly operation: number;
  readonly description: string;
}

/** Those that a reviewer of one revision can weigh; that DDL commits at once, or what raw SQL does, is known beforehand. */
const shown: ReadonlySet<Hazard['code']> = new Set([
  'data-loss',
  'fails-on-rows',
  'table-rewrite',
  'blocks-reads',
  'blocks-writes',
]);

/** What a family may carry out without a word, as part of a copy of the table. */
function lossOf(operation: Operation): readonly Hazard[] {
  if (operation.kind === 'dropColumn') {
    const column = `${displayRef(operation.table)}.${operation.column}`;
    return [{ code: 'data-loss', message: `every value of ${column} is lost` }];
  }
  if (operation.kind !== 'dropTable') return [];
  return [{ code: 'data-loss', message: `every row of ${displayRef(operation.table)} is lost` }];
}

const subjectOf = (operation: Operation): string =>
  'table' in operation && operation.kind !== 'createTable' ? refKey(operation.table) : operation.kind;

/** The tables that an operation may hold up: its own, and those it refers to. */
function tablesOf(operation: Operation): readonly TableRef[] {
  if (operation.kind === 'createTable')
    return [operation.table, ...operation.table.foreignKeys.map(({ references }) => references.table)];
  if (operation.kind === 'addForeignKey') return [operation.table, operation.foreignKey.references.table];
  return 'table' in operation ? [operation.table] : [];
}

/** Nobody waits for a table that the same revision makes. */
function isOnNewTables(operation: Operation, made: ReadonlySet<string>): boolean {
  const tables = tablesOf(operation);
  return tables.length > 0 && tables.every((table) => made.has(refKey(table)));
}

/**
 * The hazards of each operation as if it ran alone: a server may carry out several in one statement. One that an earlier
 * operation on the same table has already is not said again.
 */
export function hazardsOf(
  operations: readonly Operation[],
  before: Schema,
  { dialect, naming }: { readonly dialect: Dialect; readonly naming: Naming },
): readonly OperationHazard[] {
  const draft = openDraft(before);
  const [said, made] = [new Set<string>(), new Set<string>()];
  return operations.flatMap((given, operation) => {
    const now = dialect.normalize(closeDraft(draft));
    const [completed] = completeAndApply([given], draft);
    if (completed?.kind === 'createTable') made.add(refKey(completed.table));
    if (!completed || isOnNewTables(completed, made)) return [];
    const statements = dialect
      .compile({ operations: [completed], before: now, naming })
      .flatMap((one) => one.statements);
    const found = statements.flatMap(({ hazards }) => hazards).filter(({ code }) => shown.has(code));
    const hazards = found.some(({ code }) => code === 'data-loss') ? found : [...lossOf(completed), ...found];
    return hazards.flatMap((hazard) => {
      const key = canonicalJson([subjectOf(completed), hazard.code, hazard.message]);
      if (said.has(key)) return [];
      said.add(key);
      return [{ ...hazard, operation, description: describe(completed) }];
    });
  });
}
