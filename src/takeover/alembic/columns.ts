// `sa.Column(…)` and constraints → parts of a table, for one kind of database.
// In: values. Out: columns, keys, checks, indexes. Must not know directives.

import type {
  Check,
  Column,
  ColumnDefault,
  ColumnType,
  Deferrable,
  ForeignKey,
  Generated,
  Identity,
  Index,
  ReferentialAction,
  TableRef,
  Unique,
} from '../../schema/schema.ts';
import { toUnique } from '../../schema/table-builder.ts';
import { conditionSql, expressionSql, literalSql, nameSql, textSql } from './core-sql.ts';
import { indexOf, namedIndex } from './indexes.ts';
import type { NamedPart } from './name-parts.ts';
import { constraintName } from './name-parts.ts';
import type { FoundType, TypeMeans } from './types.ts';
import { findType } from './types.ts';
import type { Made, Value } from './value.ts';
import { flagOf, leafOf, numberOf, pathOf, textOf, textOrNull, textsOf, untranslated } from './value.ts';

/** A column, and what stands at it. */
export interface FoundColumn {
  readonly column: Column;
  readonly isKey: boolean;
  readonly autoincrement: boolean | 'auto';
  readonly isUnique: boolean;
  readonly isIndexed: boolean;
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly enum: FoundType['enum'];
}

export interface ColumnMeans extends TypeMeans {
  readonly table: TableRef;
}

const numeric: ReadonlySet<ColumnType['kind']> = new Set([
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'real',
  'double',
]);

/** A text that is quoted in the server's SQL, as the value that the column's type makes of it. */
function literalDefault(text: string, type: ColumnType): ColumnDefault {
  if (
    numeric.has(type.kind) &&
    /^-?\d+(\.\d+)?$/.test(text) &&
    Number.isSafeInteger(Math.trunc(Number(text)))
  ) {
    return { kind: 'literal', value: Number(text) };
  }
  if (type.kind === 'boolean' && /^(true|false|t|f|0|1)$/i.test(text)) {
    return { kind: 'literal', value: /^(true|t|1)$/i.test(text) };
  }
  return { kind: 'literal', value: text };
}

/** SQL of a default: a plain number or text is a literal. */
function sqlDefault(sql: string, type: ColumnType): ColumnDefault {
  const [, text] = /^'((?:[^'\\]|'')*)'$/.exec(sql) ?? [];
  if (text !== undefined) return literalDefault(text.replaceAll("''", "'"), type);
  if (/^-?\d+(\.\d+)?$/.test(sql) && (numeric.has(type.kind) || type.kind === 'boolean'))
    return literalDefault(sql, type);
  if (/^(true|false)$/i.test(sql) && type.kind === 'boolean') return literalDefault(sql, type);
  if (/^(now\(\)|current_timestamp(\(\))?)$/i.test(sql))
    return { kind: 'expression', sql: 'CURRENT_TIMESTAMP' };
  return { kind: 'expression', sql };
}

/** A `server_default`. */
export function defaultOf(
  value: Value | undefined,
  type: ColumnType,
  means: TypeMeans,
): ColumnDefault | null {
  if (value === undefined || (value.kind === 'constant' && value.value === null)) return null;
  if (value.kind === 'constant') {
    return typeof value.value === 'string'
      ? literalDefault(value.value, type)
      : sqlDefault(String(value.value), type);
  }
  const name = leafOf(value);
  if (/^(true|True_|false|False_)$/.test(name)) return { kind: 'literal', value: /^t/i.test(name) };
  if (name === 'FetchedValue') return null;
  if (name === 'DefaultClause' && value.kind === 'made') return defaultOf(value.given[0], type, means);
  const sql = textSql(value, new Map(), means.dialect) ?? expressionSql(value, means.dialect);
  if (/^null$/i.test(sql)) return null;
  return sqlDefault(sql, type);
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  CASCADE: 'cascade',
  'SET NULL': 'set-null',
  'SET DEFAULT': 'set-default',
  RESTRICT: 'restrict',
  'NO ACTION': 'no-action',
};

function actionOf(value: Value | undefined): ReferentialAction {
  const text = textOrNull(value, 'an action');
  if (text === null) return 'no-action';
  return (
    actions[text.trim().toUpperCase().replaceAll(/\s+/g, ' ')] ??
    untranslated(`the action ${JSON.stringify(text)}`)
  );
}

export function deferrableOf(named: ReadonlyMap<string, Value>): Deferrable {
  const initially = textOrNull(named.get('initially'), 'initially')?.toUpperCase() ?? null;
  const isDeferrable = flagOf(named.get('deferrable'), 'deferrable') ?? initially === 'DEFERRED';
  if (!isDeferrable) return 'no';
  return initially === 'DEFERRED' ? 'initially-deferred' : 'initially-immediate';
}

/** Options of a foreign key. */
export function referenceOf(
  named: ReadonlyMap<string, Value>,
): Pick<ForeignKey, 'onDelete' | 'onUpdate' | 'deferrable' | 'valid'> {
  return {
    onDelete: actionOf(named.get('ondelete')),
    onUpdate: actionOf(named.get('onupdate')),
    deferrable: deferrableOf(named),
    valid: !(flagOf(named.get('postgresql_not_valid'), 'postgresql_not_valid') ?? false),
  };
}

/** `'user.id'`, `'auth.user.id'` */
function targetOf(
  value: Value | undefined,
  schema: string | null,
): { readonly table: TableRef; readonly column: string } {
  const parts = textOf(value, 'what a foreign key refers to').split('.');
  const column = parts.pop();
  const name = parts.pop();
  if (column === undefined || name === undefined) return untranslated('a foreign key that names no column');
  return { table: { namespace: parts.length > 0 ? parts.join('.') : schema, name }, column };
}

/** The name of a constraint of the table at hand. */
function nameOf(
  value: Value | undefined,
  kind: 'pk' | 'uq' | 'fk' | 'ck',
  means: ColumnMeans & { readonly about: Omit<NamedPart, 'table'> },
): string | null {
  return constraintName(value, kind, { ...means, part: { table: means.table.name, ...means.about } });
}

function columnReference(value: Made, column: string, means: ColumnMeans): ForeignKey {
  const { table, column: other } = targetOf(value.given[0], null);
  const about = { columns: [column], target: table.name, targetColumns: [other] };
  return {
    name: nameOf(value.named.get('name'), 'fk', { ...means, about }),
    columns: [column],
    references: { table, columns: [other] },
    ...referenceOf(value.named),
  };
}

function identityOf(value: Made): Identity {
  const { named, given } = value;
  const always = flagOf(named.get('always') ?? given[0], 'always') ?? false;
  return {
    mode: always ? 'always' : 'by-default',
    start: numberOf(named.get('start')),
    increment: numberOf(named.get('increment')),
  };
}

function generatedOf(value: Made, means: TypeMeans): Generated {
  const persisted = flagOf(value.named.get('persisted') ?? value.given[1], 'persisted');
  return {
    sql: conditionSql(value.given[0] ?? value.named.get('sqltext'), means.dialect),
    stored: persisted ?? means.dialect === 'postgres',
  };
}

const isMade = (value: Value, ...names: readonly string[]): value is Made =>
  value.kind === 'made' && names.includes(leafOf(value));

function checkOf(value: Made, means: ColumnMeans, columns: readonly string[] = []): Check {
  return {
    name: nameOf(value.named.get('name'), 'ck', { ...means, about: { columns } }),
    sql: conditionSql(value.given[0] ?? value.named.get('sqltext'), means.dialect),
    valid: !(flagOf(value.named.get('postgresql_not_valid'), 'postgresql_not_valid') ?? false),
  };
}

function enumCheck(name: string, { check }: FoundType, means: ColumnMeans): readonly Check[] {
  if (!check) return [];
  const { dialect } = means;
  const values = check.values.map((one) => literalSql(one, dialect)).join(', ');
  const given = check.name === null ? undefined : ({ kind: 'constant', value: check.name } as const);
  const own = nameOf(given, 'ck', { ...means, about: { columns: [name] } });
  return [{ name: own, sql: `${nameSql(name, dialect)} IN (${values})`, valid: true }];
}

const onUpdateText = (value: Value | undefined, means: TypeMeans): string | null => {
  if (means.dialect !== 'mysql' || value === undefined || leafOf(value) === 'FetchedValue') return null;
  return textSql(value, new Map(), means.dialect) ?? expressionSql(value, means.dialect);
};

/** A default `CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP` is two things. */
function splitOnUpdate(found: ColumnDefault | null): {
  readonly value: ColumnDefault | null;
  readonly onUpdate: string | null;
} {
  const [, value, onUpdate] =
    found?.kind === 'expression' ? (/^(.*?)\s+on\s+update\s+(.*)$/is.exec(found.sql) ?? []) : [];
  if (value === undefined || onUpdate === undefined) return { value: found, onUpdate: null };
  return { value: { kind: 'expression', sql: value }, onUpdate };
}

/** An identity or a computed value may stand where a default does. */
function madeByServer(rest: readonly Value[], usual: Value | undefined) {
  const of = (leaf: string) =>
    [...rest, ...(usual ? [usual] : [])].find((one): one is Made => isMade(one, leaf));
  const isDefault = usual === undefined || !isMade(usual, 'Identity', 'Computed');
  return { usual: isDefault ? usual : undefined, identity: of('Identity'), computed: of('Computed') };
}

/** A column as `sa.Column(…)` describes it. */
export function findColumn(value: Value | undefined, means: ColumnMeans): FoundColumn {
  if (value?.kind !== 'made' || !/^[cC]olumn$/.test(leafOf(value)))
    return untranslated('a column that is not constant');
  const { given, named } = value;
  const name = textOf(given[0] ?? named.get('name'), 'the name of a column');
  if (named.has('**')) return untranslated('arguments of a column that are not constant');
  const rest = given.slice(1);
  const isType = (one: Value) =>
    !isMade(one, 'ForeignKey', 'CheckConstraint', 'Identity', 'Computed', 'Sequence', 'FetchedValue') &&
    !(one.kind === 'constant' && one.value === null);
  const type = findType(named.get('type_') ?? rest.find(isType), means);
  const parts = (leaf: string) => rest.filter((one): one is Made => isMade(one, leaf));
  const isKey = flagOf(named.get('primary_key'), 'primary_key') ?? false;
  const { usual, identity, computed } = madeByServer(rest, named.get('server_default'));
  const given_ = splitOnUpdate(defaultOf(usual, type.type, means));
  const nullable = flagOf(named.get('nullable'), 'nullable');
  const auto = named.get('autoincrement');
  return {
    column: {
      name,
      type: type.type,
      nullable: nullable ?? !(isKey || identity !== undefined),
      default: given_.value,
      onUpdate: given_.onUpdate ?? onUpdateText(named.get('server_onupdate'), means),
      identity: identity ? identityOf(identity) : null,
      generated: computed ? generatedOf(computed, means) : null,
      collation: type.collation,
      comment: textOrNull(named.get('comment'), 'a comment'),
    },
    isKey,
    autoincrement: auto?.kind === 'constant' && auto.value !== 'auto' ? Boolean(auto.value) : 'auto',
    isUnique: flagOf(named.get('unique'), 'unique') ?? false,
    isIndexed: flagOf(named.get('index'), 'index') ?? false,
    foreignKeys: parts('ForeignKey').map((one) => columnReference(one, name, means)),
    checks: [
      ...parts('CheckConstraint').map((one) => checkOf(one, means, [name])),
      ...enumCheck(name, type, means),
    ],
    enum: type.enum,
  };
}

/** A part of a table that is no column. */
export type TablePart =
  | { readonly kind: 'primaryKey'; readonly name: string | null; readonly columns: readonly string[] }
  | { readonly kind: 'unique'; readonly unique: Unique }
  | { readonly kind: 'foreignKey'; readonly foreignKey: ForeignKey }
  | { readonly kind: 'check'; readonly check: Check }
  | { readonly kind: 'index'; readonly index: Index };

export function uniqueOf(
  columns: readonly string[],
  name: string | null,
  named: ReadonlyMap<string, Value>,
): Unique {
  return {
    ...toUnique(columns),
    name,
    deferrable: deferrableOf(named),
    nullsNotDistinct: flagOf(named.get('postgresql_nulls_not_distinct'), 'nulls not distinct') ?? false,
  };
}

const columnNames = (values: readonly Value[]): readonly string[] =>
  values.map((one) =>
    isMade(one, 'column', 'Column') ? textOf(one.given[0], 'a column') : textOf(one, 'a column'),
  );

function foreignKeyOf(value: Made, means: ColumnMeans): ForeignKey {
  const { given, named } = value;
  const columns = textsOf(given[0] ?? named.get('columns'), 'the columns of a foreign key');
  const targets = given[1] ?? named.get('refcolumns');
  if (targets?.kind !== 'sequence') return untranslated('a foreign key that is not constant');
  const found = targets.items.map((one) => targetOf(one, null));
  const [first] = found;
  if (!first) return untranslated('a foreign key that refers to nothing');
  const targetColumns = found.map(({ column }) => column);
  const about = { columns, target: first.table.name, targetColumns };
  return {
    name: nameOf(named.get('name') ?? given[2], 'fk', { ...means, about }),
    columns,
    references: { table: first.table, columns: targetColumns },
    ...referenceOf(named),
  };
}

/** A constraint or index within `create_table`. */
export function findTablePart(value: Value, means: ColumnMeans): TablePart {
  if (value.kind !== 'made') return untranslated('a part of a table that is not constant');
  const { given, named } = value;
  const own = (kind: 'pk' | 'uq', columns: readonly string[]) =>
    nameOf(named.get('name'), kind, { ...means, about: { columns } });
  switch (leafOf(value)) {
    case 'PrimaryKeyConstraint': {
      const columns = columnNames(given);
      return { kind: 'primaryKey', name: own('pk', columns), columns };
    }
    case 'UniqueConstraint': {
      const columns = columnNames(given);
      return { kind: 'unique', unique: uniqueOf(columns, own('uq', columns), named) };
    }
    case 'ForeignKeyConstraint':
      return { kind: 'foreignKey', foreignKey: foreignKeyOf(value, means) };
    case 'CheckConstraint':
      return { kind: 'check', check: checkOf(value, means) };
    case 'Index':
      return {
        kind: 'index',
        index: namedIndex(
          indexOf({ name: textOrNull(given[0], 'a name'), parts: given.slice(1), named }, means),
          means,
        ),
      };
    default:
      return untranslated(`${pathOf(value) || 'something'} in a table`);
  }
}
