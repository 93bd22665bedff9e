// Indexes, in a table or on their own. In: values. Out: Index, for one kind of database. Must not know directives.

import type { DialectName, Index, IndexPart } from '../../schema/schema.ts';
import { toIndex } from '../../schema/table-builder.ts';
import { conditionSql, expressionSql, textSql } from './core-sql.ts';
import type { NamedMeans } from './name-parts.ts';
import { conventionalName, shortName } from './name-parts.ts';
import type { TypeMeans } from './types.ts';
import type { Made, Value } from './value.ts';
import { flagOf, leafOf, numberOf, textOf, textOrNull, textsOf, untranslated } from './value.ts';

const isMade = (value: Value, ...names: readonly string[]): value is Made =>
  value.kind === 'made' && names.includes(leafOf(value));

/** The index with a name: given, or the metadata's. */
export function namedIndex(index: Index, means: NamedMeans): Index {
  const pattern = means.rules.namingConvention.get('ix') ?? 'ix_%(column_0_label)s';
  const columns = index.parts.map(({ column }) => column ?? '');
  const name = index.name ?? conventionalName(pattern, means.table.name, { columns });
  return { ...index, name: shortName(name, means.dialect) };
}

interface GivenIndex {
  readonly name: string | null;
  readonly parts: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

const prefixes: Readonly<Record<DialectName, string>> = {
  postgres: 'postgresql_',
  mysql: 'mysql_',
  sqlite: 'sqlite_',
};

function entryOf(value: Value | undefined, key: string): Value | undefined {
  if (value?.kind !== 'dict') return value;
  return value.entries.find(([one]) => one.kind === 'constant' && one.value === key)?.[1];
}

function indexPartOf(value: Value, named: ReadonlyMap<string, Value>, means: TypeMeans): IndexPart {
  const prefix = prefixes[means.dialect];
  const isName = value.kind === 'constant' || isMade(value, 'column', 'f', 'quoted_name');
  const text = isName
    ? null
    : (textSql(value, new Map(), means.dialect) ?? expressionSql(value, means.dialect));
  const [, simple, order] = text === null ? [] : (/^([a-z_]\w*)(?:\s+(desc|asc))?$/i.exec(text) ?? []);
  const column = isName
    ? isMade(value, 'column')
      ? textOf(value.given[0], 'a column')
      : textOf(value, 'a column')
    : (simple ?? null);
  const ops = named.get(`${prefix}ops`);
  const length = named.get(`${prefix}length`);
  const operator = column !== null && ops?.kind === 'dict' ? entryOf(ops, column) : undefined;
  return {
    column,
    sql: column === null ? text : null,
    descending: order?.toLowerCase() === 'desc',
    nulls: null,
    collation: null,
    operatorClass: textOrNull(operator, 'an operator class'),
    length: column === null || length === undefined ? null : numberOf(entryOf(length, column)),
  };
}

const indexOptions: ReadonlySet<string> = new Set([
  ...['using', 'where', 'include', 'ops', 'length', 'prefix', 'nulls_not_distinct'],
  ...['concurrently', 'with', 'tablespace'],
]);

/** An index; options of other databases count nothing. */
export function indexOf({ name, parts, named }: GivenIndex, means: TypeMeans): Index {
  const prefix = prefixes[means.dialect];
  const stranger = [...named.keys()].find(
    (key) => key.startsWith(prefix) && !indexOptions.has(key.slice(prefix.length)),
  );
  if (stranger !== undefined) untranslated(`${stranger} of an index`);
  const own = (option: string) => named.get(`${prefix}${option}`);
  const where = own('where');
  const include = own('include');
  return {
    ...toIndex([]),
    name,
    parts: parts.map((one) => indexPartOf(one, named, means)),
    unique: flagOf(named.get('unique'), 'unique') ?? false,
    where:
      where === undefined || (where.kind === 'constant' && where.value === null)
        ? null
        : conditionSql(where, means.dialect),
    method: (textOrNull(own('using') ?? own('prefix'), 'a method') ?? '').toLowerCase() || null,
    include: include === undefined ? [] : textsOf(include, 'included columns'),
    nullsNotDistinct: flagOf(own('nulls_not_distinct'), 'nulls not distinct') ?? false,
  };
}
