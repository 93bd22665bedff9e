import type { Dialect } from '../dialect/dialect.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Operation, OperationOf } from '../operations/operation.ts';
import type { ForeignKey, Schema, Table } from '../schema/schema.ts';
import { findTable } from '../schema/schema.ts';

const target = ({ columns, references }: ForeignKey): string => canonicalJson([columns, references]);

/** A new table as the models say it, where the server takes that for the same table. */
export function tableAsDeclared(
  operation: OperationOf<'createTable'>,
  { declared, dialect }: { readonly declared: Schema; readonly dialect: Pick<Dialect, 'normalizeTable'> },
): Operation {
  const { table } = operation;
  const own = findTable(declared, table);
  if (!own) return operation;
  // Those that wait for another table come later, as operations of their own.
  const present = new Set(table.foreignKeys.map(target));
  const given: Table = { ...own, foreignKeys: own.foreignKeys.filter((key) => present.has(target(key))) };
  const isSame = canonicalJson(dialect.normalizeTable(given, declared)) === canonicalJson(table);
  return isSame ? { ...operation, table: given } : operation;
}
