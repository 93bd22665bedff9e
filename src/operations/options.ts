import type { TableOptions } from '../schema/schema.ts';

// An option about columns carries their names in its key, as a JSON list: `unique.conflict ["email"]`.
const listed = /^(.*? )(\[.*\])$/s;

function columnsIn(key: string): { readonly prefix: string; readonly columns: readonly string[] } | null {
  const [, prefix, list] = listed.exec(key) ?? [];
  return prefix === undefined || list === undefined
    ? null
    : { prefix, columns: JSON.parse(list) as readonly string[] };
}

/** The options of a table after one of its columns was renamed. */
export function renameInOptions(options: TableOptions, from: string, to: string): TableOptions {
  const entries = Object.entries(options).map(([key, value]) => {
    const found = columnsIn(key);
    if (!found?.columns.includes(from)) return [key, value] as const;
    return [
      `${found.prefix}${JSON.stringify(found.columns.map((one) => (one === from ? to : one)))}`,
      value,
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** The options of a table after one of its columns went. */
export function dropFromOptions(options: TableOptions, column: string): TableOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([key]) => !columnsIn(key)?.columns.includes(column)),
  );
}
