// Names that operations bring into a schema. In: an operation. Out: names. Must not know any rule.

import type { Operation } from '../operations/operation.ts';
import type { Table } from '../schema/schema.ts';

type Named = { readonly name: string | null };

const given = (parts: readonly Named[]): readonly string[] => parts.flatMap(({ name }) => name ?? []);

function ofTable(table: Table): readonly string[] {
  const { columns, primaryKey, uniques, foreignKeys, checks, indexes } = table;
  const keys = primaryKey ? [primaryKey] : [];
  return [table.name, ...given([...columns, ...keys, ...uniques, ...foreignKeys, ...checks, ...indexes])];
}

/** What the author calls something: what is left unnamed gets a name that fits. */
export function newNames(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'createTable':
      return ofTable(operation.table);
    case 'renameTable':
      return [operation.to.name];
    case 'addColumn':
      return [operation.column.name];
    case 'renameColumn':
      return [operation.to];
    case 'createIndex':
      return given([operation.index]);
    case 'addUnique':
      return given([operation.unique]);
    case 'addForeignKey':
      return given([operation.foreignKey]);
    case 'addCheck':
      return given([operation.check]);
    case 'createView':
      return [operation.view.name];
    case 'createTrigger':
      return [operation.trigger.name];
    case 'createSequence':
      return [operation.sequence.name];
    default:
      return [];
  }
}
