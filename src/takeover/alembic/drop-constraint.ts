// `op.drop_constraint(…)` → an operation. In: a directive, the table as history made it. Out: what it drops.
// Must not know how it is recorded.

import type { ConstraintTarget, Operation } from '../../operations/operation.ts';
import type { TableRef } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import type { Directive } from './directive.ts';
import { behind, quoted, statement, tableOf } from './directive.ts';
import type { PartKind } from './name-parts.ts';
import { constraintName, findByGivenName, keyOfKind } from './name-parts.ts';
import { textOrNull, untranslated } from './value.ts';

const kinds: Readonly<Record<string, PartKind>> = {
  foreignkey: 'foreignKey',
  unique: 'unique',
  check: 'check',
  primary: 'primaryKey',
};

/** The name that is dropped: as it is written, or as the metadata's naming makes it. */
function droppedNames(directive: Directive, kind: PartKind | undefined, table: string): readonly string[] {
  const value = directive.argument(0, 'constraint_name');
  const name = textOrNull(value, 'the name of a constraint');
  if (name === null) return [];
  const part = { table, columns: [] };
  const made = kind && constraintName(value, keyOfKind[kind], { ...directive.state, part });
  return [...new Set([made ?? name, name])];
}

const backQuoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

type Target = ConstraintTarget | { readonly sql: string };

function dropping(kind: PartKind, target: Target, table: TableRef): Operation | null {
  if (kind === 'primaryKey') return { kind: 'dropPrimaryKey', table, was: null };
  if (kind === 'check') return 'columns' in target ? null : { kind: 'dropCheck', table, target, was: null };
  if ('sql' in target) return null;
  return kind === 'unique'
    ? { kind: 'dropUnique', table, target, was: null }
    : { kind: 'dropForeignKey', table, target, was: null };
}

/** What `drop_constraint` drops; by its columns, where the history gave it no name. */
export function dropConstraint(directive: Directive): readonly Operation[] {
  const { state, batch } = directive;
  const table = tableOf(directive, 1);
  const said = textOrNull(
    directive.argument(behind(directive, 2), 'type_') ?? directive.call.named.get('type'),
    'the type of a constraint',
  );
  const names = droppedNames(directive, kinds[said ?? ''], table.name);
  const conventions = [state.rules.namingConvention, ...(batch ? [batch.naming] : [])];
  const known = state.draft.tables.get(refKey(table));
  const found = names.flatMap((name) => findByGivenName(known, name, conventions) ?? [])[0];
  const kind = found?.kind ?? kinds[said ?? ''];
  const [name] = names;
  const target = found?.target ?? (name === undefined ? null : { name });
  const operation = kind && target ? dropping(kind, target, table) : null;
  if (operation) return [operation];
  return ofUnknownKind(directive, table, name ?? null);
}

/** An exclusion, or what raw SQL made: dropped by its name, where the server can. */
function ofUnknownKind({ state }: Directive, table: TableRef, name: string | null): readonly Operation[] {
  // SQLite cannot: where the history is for others, too, it is meant for these.
  if (!state.isOnly && state.dialect === 'sqlite') return [];
  if (name === null || state.dialect === 'sqlite')
    return untranslated(`which constraint ${JSON.stringify(name)} is cannot be told`);
  const quote = state.dialect === 'mysql' ? backQuoted : quoted;
  const place = [...(table.namespace === null ? [] : [table.namespace]), table.name].map(quote).join('.');
  return [statement(`ALTER TABLE ${place} DROP CONSTRAINT ${quote(name)}`)];
}
