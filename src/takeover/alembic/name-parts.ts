// Constraints that nobody named, found by the names that servers or metadata gave them.
// In: a table, a name. Out: what an operation aims at. Must not know directives.

import { createHash } from 'node:crypto';
import type { ConstraintTarget } from '../../operations/operation.ts';
import type { DialectName, Table } from '../../schema/schema.ts';
import type { Rules } from './rules.ts';
import type { Value } from './value.ts';
import { textOrNull } from './value.ts';

/** The kinds of constraints. */
export type PartKind = 'foreignKey' | 'unique' | 'check' | 'primaryKey';

interface Candidate {
  readonly kind: PartKind;
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

/** Their words in a naming convention. */
export const keyOfKind: Readonly<Record<PartKind, 'fk' | 'uq' | 'ck' | 'pk'>> = {
  foreignKey: 'fk',
  unique: 'uq',
  check: 'ck',
  primaryKey: 'pk',
};

/** A name as a naming convention of SQLAlchemy makes it. */
export function conventionalName(
  pattern: string,
  table: string,
  part: Omit<NamedPart, 'table'> & { readonly given?: string | null },
): string {
  const { columns, target = '', given = '', targetColumns = [] } = part;
  const labels = columns.map((one) => `${table}_${one}`);
  const values: Readonly<Record<string, string>> = {
    table_name: table,
    referred_table_name: target,
    constraint_name: given ?? '',
    column_0N_name: columns.join(''),
    column_0_N_name: columns.join('_'),
    column_0N_label: labels.join(''),
    column_0_N_label: labels.join('_'),
    referred_column_0N_name: targetColumns.join(''),
    referred_column_0_N_name: targetColumns.join('_'),
    ...Object.fromEntries([
      ...columns.flatMap((one, at) => [
        [`column_${at}_name`, one],
        [`column_${at}_key`, one],
        [`column_${at}_label`, `${table}_${one}`],
      ]),
      ...targetColumns.map((one, at) => [`referred_column_${at}_name`, one]),
    ]),
  };
  return pattern.replace(/%\((\w+)\)s/g, (whole, key: string) => values[key] ?? whole);
}

const longest: Readonly<Record<DialectName, number>> = { postgres: 63, mysql: 64, sqlite: 9999 };

/** A name that is too long, as SQLAlchemy shortens it. */
export function shortName(name: string, dialect: DialectName): string {
  const most = longest[dialect];
  if (name.length <= most) return name;
  return `${name.slice(0, most - 8)}_${createHash('md5').update(name).digest('hex').slice(-4)}`;
}

/** What names of a table's parts are made from. */
export interface NamedMeans {
  readonly rules: Rules;
  readonly dialect: DialectName;
  readonly table: { readonly name: string };
}

/** What a constraint is about, for its name. */
export interface NamedPart {
  readonly table: string;
  readonly columns: readonly string[];
  readonly target?: string;
  readonly targetColumns?: readonly string[];
}

/** The name of a constraint, as the metadata's naming makes it; that of `op.f` is final. */
export function constraintName(
  value: Value | undefined,
  kind: 'pk' | 'uq' | 'fk' | 'ck',
  means: { readonly rules: Rules; readonly dialect: DialectName; readonly part: NamedPart },
): string | null {
  const given = textOrNull(value, 'the name of a constraint');
  const pattern = means.rules.namingConvention.get(kind);
  const asksForName = pattern?.includes('%(constraint_name)s') ?? false;
  const isFinal = given !== null && (value?.kind === 'made' || !asksForName);
  if (pattern === undefined || isFinal || (given === null && asksForName)) {
    return given === null ? null : shortName(given, means.dialect);
  }
  return shortName(conventionalName(pattern, means.part.table, { ...means.part, given }), means.dialect);
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

/** The name that a server gave to what nobody named; `null`: it gives none. */
export function nameByServer(
  table: Table,
  kind: PartKind,
  { columns, dialect }: { readonly columns: readonly string[]; readonly dialect: DialectName },
): string | null {
  if (dialect === 'sqlite') return null;
  const alike = candidatesOf(table).filter((one) => one.kind === kind);
  const at = alike.findIndex((one) => one.name === null && one.columns.join() === columns.join());
  const found = alike[at];
  const [postgres, mysql] = found ? serverNames(found, table, at + 1) : [];
  return (dialect === 'mysql' ? mysql : postgres) ?? null;
}

/** What a name means in a table, where its author named nothing. */
export function findByGivenName(
  table: Table | undefined,
  name: string,
  conventions: readonly ReadonlyMap<string, string>[],
): { readonly kind: PartKind; readonly target: ConstraintTarget | { readonly sql: string } } | null {
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
