// Constraints that nobody named, found by the names that servers or metadata gave them.
// In: a table, a name. Out: what an operation aims at. Must not know directives.

import type { ConstraintTarget } from '../../operations/operation.ts';
import type { Table } from '../../schema/schema.ts';

type Kind = 'foreignKey' | 'unique' | 'check' | 'primaryKey';

interface Candidate {
  readonly kind: Kind;
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly target: string;
}

function candidatesOf(table: Table): readonly Candidate[] {
  return [
    ...table.foreignKeys.map((one) => ({
      kind: 'foreignKey' as const,
      name: one.name,
      columns: one.columns,
      target: one.references.table.name,
    })),
    ...table.uniques.map((one) => ({
      kind: 'unique' as const,
      name: one.name,
      columns: one.columns,
      target: '',
    })),
    ...table.checks.map((one) => ({
      kind: 'check' as const,
      name: one.name,
      columns: table.columns.map(({ name }) => name).filter((name) => one.sql.includes(name)),
      target: one.sql,
    })),
    ...(table.primaryKey
      ? [
          {
            kind: 'primaryKey' as const,
            name: table.primaryKey.name,
            columns: table.primaryKey.columns,
            target: '',
          },
        ]
      : []),
  ];
}

const keyOfKind: Readonly<Record<Kind, string>> = {
  foreignKey: 'fk',
  unique: 'uq',
  check: 'ck',
  primaryKey: 'pk',
};

/** A name as a naming convention of SQLAlchemy makes it. */
export function conventionalName(
  pattern: string,
  table: string,
  part: { readonly columns: readonly string[]; readonly target?: string; readonly given?: string | null },
): string {
  const { columns, target = '', given = '' } = part;
  const values: Readonly<Record<string, string>> = {
    table_name: table,
    referred_table_name: target,
    constraint_name: given ?? '',
    column_0_name: columns[0] ?? '',
    column_0_label: `${table}_${columns[0] ?? ''}`,
    column_0N_name: columns.join(''),
    column_0_N_name: columns.join('_'),
  };
  return pattern.replace(/%\((\w+)\)s/g, (whole, key: string) => values[key] ?? whole);
}

/** Names that servers give: PostgreSQL's, and MySQL's. */
function serverNames({ kind, columns }: Candidate, table: Table, position: number): readonly string[] {
  const list = columns.join('_');
  switch (kind) {
    case 'foreignKey':
      return [`${table.name}_${list}_fkey`, `${table.name}_ibfk_${position}`];
    case 'unique':
      return [`${table.name}_${list}_key`, columns[0] ?? ''];
    case 'check':
      return [
        `${table.name}_${columns[0] ?? ''}_check`,
        `${table.name}_check`,
        `${table.name}_chk_${position}`,
      ];
    case 'primaryKey':
      return [`${table.name}_pkey`, 'PRIMARY'];
  }
}

/** What a name means in a table, where its author named nothing. */
export function findByGivenName(
  table: Table | undefined,
  name: string,
  conventions: readonly ReadonlyMap<string, string>[],
): { readonly kind: Kind; readonly target: ConstraintTarget | { readonly sql: string } } | null {
  if (!table) return null;
  const all = candidatesOf(table);
  const named = all.find((one) => one.name === name);
  if (named) return { kind: named.kind, target: { name } };
  const found = all.find((one) => {
    if (one.name !== null) return false;
    const position = all.filter(({ kind }) => kind === one.kind).indexOf(one) + 1;
    const patterns = conventions.flatMap((map) => map.get(keyOfKind[one.kind]) ?? []);
    const conventional = patterns.map((pattern) => conventionalName(pattern, table.name, one));
    return [...serverNames(one, table, position), ...conventional].includes(name);
  });
  if (!found) return null;
  return {
    kind: found.kind,
    target: found.kind === 'check' ? { sql: found.target } : { columns: found.columns },
  };
}
