import type { ForeignKey, Index, Table } from '../../schema/schema.ts';

/** True if the columns of the key are the first ones of the index, in order. */
function covers(columns: readonly (string | null)[], key: ForeignKey): boolean {
  return key.columns.every((column, i) => columns[i] === column);
}

function indexColumns(index: Index): readonly (string | null)[] {
  if (index.method !== null) return [];
  return index.parts.map((part) => (part.length === null ? part.column : null));
}

/** True if an index of the model serves the foreign key; otherwise the server has made one, which the model hides. */
export function isCovered(table: Table, key: ForeignKey): boolean {
  const primary = table.primaryKey?.columns ?? [];
  return covers(primary, key) || table.indexes.some((index) => covers(indexColumns(index), key));
}

/** Foreign keys that lose the index that served them, so that they need one of their own. */
export function uncovered(before: Table, after: Table): readonly ForeignKey[] {
  return after.foreignKeys.filter((key) => {
    const old = before.foreignKeys.find((one) => one.name === key.name);
    return old !== undefined && isCovered(before, old) && !isCovered(after, key);
  });
}

/** The name that the server gave to the index of a foreign key that nothing else serves. */
function automaticName(table: Table, key: ForeignKey): string {
  const first = key.columns[0] ?? '';
  if (key.name !== null && !/_ibfk_\d+$/.test(key.name)) return key.name;
  const taken = new Set(table.indexes.map((index) => index.name));
  let name = first;
  for (let number = 2; taken.has(name); number += 1) name = `${first}_${number}`;
  return name;
}

/** The server's own index that is to go with a foreign key; `null`: there is none, or another key needs it. */
export function orphanedIndex(before: Table, after: Table, key: ForeignKey): string | null {
  if (isCovered(before, key)) return null;
  const shared = after.foreignKeys.some((other) => covers(key.columns, other) || covers(other.columns, key));
  return shared ? null : automaticName(before, key);
}

/** The server's own indexes of foreign keys that a new index makes needless: the server keeps those that we have made. */
export function replacedIndexes(before: Table, after: Table): readonly string[] {
  const isFree = (key: ForeignKey) =>
    after.foreignKeys.every((other) => !covers(key.columns, other) || isCovered(after, other));
  return before.foreignKeys
    .filter((key) => !isCovered(before, key) && isCovered(after, key) && isFree(key))
    .map((key) => automaticName(before, key));
}
