import { canonicalJson } from '../kernel/hash.ts';
import { complete, completeAndApply } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { openDraft } from '../schema/draft.ts';
import { emptySchema, refKey } from '../schema/schema.ts';
import { carryOut } from './code/carry-out.ts';
import type { Expression } from './code/expression.ts';

/** Lists whose order means nothing. */
const sets: ReadonlySet<string> = new Set(['uniques', 'foreignKeys', 'checks', 'indexes']);

/** The value with those lists in one order. */
function settled(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => settled(item));
    return sets.has(name) ? items.map(canonicalJson).sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, settled(member, key)] as const),
  );
}

/** The operations with the sides that the schema before them has. Several of them are all about one table. */
function completed(operations: readonly Operation[], draft: SchemaDraft): readonly Operation[] {
  const [first] = operations;
  if (operations.length === 1 && first) return [complete(first, draft)];
  const table = first && 'table' in first ? draft.tables.get(refKey(first.table)) : undefined;
  return completeAndApply(operations, openDraft({ ...emptySchema, tables: table ? [table] : [] }));
}

/** True if the code says exactly these operations, when its sides are filled from the schema before. */
export function says(code: Expression, operations: readonly Operation[], draft: SchemaDraft): boolean {
  const recorded = carryOut(code);
  if (recorded.length !== operations.length) return false;
  const [said, meant] = [completed(recorded, draft), completed(operations, draft)];
  if (canonicalJson(said) === canonicalJson(meant)) return true;
  return canonicalJson(settled(said)) === canonicalJson(settled(meant));
}
