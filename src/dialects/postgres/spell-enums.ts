import type { Connection } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import type { Enum } from '../../schema/schema.ts';

const query = `SELECT coalesce(json_object_agg(t.typname, (
  SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)), '{}')::text AS enums
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND n.nspname = $1`;

/** The enums of the default namespace that the server does not have, or has with other values. */
export async function missingEnums(
  connection: Connection,
  enums: readonly Enum[],
  home: string,
): Promise<readonly Enum[]> {
  const own = enums.filter((one) => one.namespace === null);
  if (own.length === 0) return [];
  const row = (await connection.query(query, [home])).rows[0];
  const there = new Map<string, unknown>(Object.entries(JSON.parse(textOf(row, 'enums') ?? '{}')));
  return own.filter((one) => JSON.stringify(there.get(one.name)) !== JSON.stringify(one.values));
}
