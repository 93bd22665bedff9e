// SQLAlchemy's expression language → SQL, where all of it is constant.
// In: a value. Out: text for one kind of database. Must not know directives.

import type { DialectName } from '../../schema/schema.ts';
import { tableOfModel } from './classes.ts';
import { jsonOf } from './json-value.ts';
import { noRules } from './rules.ts';
import { textOfType } from './type-text.ts';
import { findType } from './types.ts';
import type { Made, Value } from './value.ts';
import { keyOf, leafOf, pathOf, textOf, textOrNull, untranslated } from './value.ts';

/** Names that some database would read as a word of its own. */
const reserved: ReadonlySet<string> = new Set(
  `all alter and any as asc between by case check column constraint create cross current_date current_time current_timestamp
  default delete desc distinct drop else end except exists false for foreign from full grant group groups having in index
  inner insert interval into is join key keys left like limit lock match not null of offset on or order outer primary rank
  read references right row rows schema select session session_user set system table then to trigger true union unique
  update usage use user using values when where window with write`.split(/\s+/),
);

/** A name in SQL, in quotes where it needs them. */
export function nameSql(name: string, dialect: DialectName): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name)) return name;
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;
}

/** A constant in SQL. */
export function literalSql(value: string | number | boolean | null, dialect: DialectName): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return dialect === 'postgres' ? String(value) : value ? '1' : '0';
  const text = dialect === 'mysql' ? value.replaceAll('\\', '\\\\') : value;
  return `'${text.replaceAll("'", "''")}'`;
}

export interface SqlTable {
  readonly name: string;
  readonly schema: string | null;
}

/** A table of the expression language; `null`: it is none. */
export function tableOf(value: Value | undefined): SqlTable | null {
  if (value?.kind === 'class') return tableOf(tableOfModel(value) ?? undefined);
  if (value?.kind !== 'made' || !/\.(table|Table)$/.test(pathOf(value)) || value.callee.kind !== 'symbol')
    return null;
  const name = textOf(value.given[0], 'the name of a table');
  return { name, schema: textOrNull(value.named.get('schema'), 'a schema') };
}

export function tableSql({ name, schema }: SqlTable, dialect: DialectName): string {
  const own = nameSql(name, dialect);
  return schema === null ? own : `${nameSql(schema, dialect)}.${own}`;
}

/** `:name` filled in; what is not given stays, as `\:` does without its mark. */
export function withParameters(
  text: string,
  parameters: ReadonlyMap<string, Value>,
  dialect: DialectName,
): string {
  return text.replace(/'(?:[^']|'')*'|::|\\:|:([A-Za-z_]\w*)/g, (whole, name?: string) => {
    if (whole === '\\:') return ':';
    if (name === undefined) return whole.startsWith("'") ? whole.replaceAll('\\:', ':') : whole;
    const value = parameters.get(name);
    return value === undefined
      ? untranslated(`the parameter :${name} is not given`)
      : expressionSql(value, dialect);
  });
}

/** `text('…')`, `text('…').bindparams(a=1)`, with what `execute` was given besides; `null`: it is none. */
export function textSql(
  value: Value | undefined,
  parameters: ReadonlyMap<string, Value>,
  dialect: DialectName,
): string | null {
  if (value?.kind === 'constant' && typeof value.value === 'string')
    return withParameters(value.value, parameters, dialect);
  if (value?.kind !== 'made') return null;
  const { callee } = value;
  if (callee.kind === 'attribute' && (callee.name === 'bindparams' || callee.name === 'execution_options')) {
    const more = callee.name === 'bindparams' ? boundBy(value) : [];
    return textSql(callee.on, new Map([...parameters, ...more]), dialect);
  }
  const isText = ['text', 'literal_column', 'DDL'].includes(leafOf(value)) && callee.kind === 'symbol';
  if (!isText) return null;
  const [given] = value.given;
  if (given?.kind !== 'constant') return untranslated('SQL that is put together while it runs');
  return textSql(given, parameters, dialect);
}

function boundBy(value: Made): readonly (readonly [string, Value])[] {
  const listed = value.given.flatMap((one): readonly (readonly [string, Value])[] => {
    if (leafOf(one) !== 'bindparam' || one.kind !== 'made') return [];
    const bound = one.named.get('value') ?? one.given[1];
    return bound ? [[textOf(one.given[0], 'a parameter'), bound]] : [];
  });
  return [...listed, ...value.named];
}

const operators: Readonly<Record<string, string>> = { '==': '=', '!=': '<>', '&': 'AND', '|': 'OR' };

function columnName(value: Value): string | null {
  const [on, name] =
    value.kind === 'attribute'
      ? [value.on, value.name]
      : value.kind === 'item'
        ? [value.on, value.index.kind === 'constant' ? String(value.index.value) : '']
        : [null, ''];
  return on?.kind === 'attribute' && (on.name === 'c' || on.name === 'columns') ? name : null;
}

type Method = (on: string, given: readonly Value[], dialect: DialectName) => string;

const inList =
  (word: string): Method =>
  (on, [list], dialect) => {
    if (list?.kind !== 'sequence' || list.items.length === 0)
      return untranslated('a list that is not constant');
    return `${on} ${word} (${list.items.map((one) => expressionSql(one, dialect)).join(', ')})`;
  };

const infix =
  (word: string): Method =>
  (on, [other], dialect) =>
    `${on} ${word} ${other ? expressionSql(other, dialect) : 'NULL'}`;

const methods: Readonly<Record<string, Method>> = {
  is_: infix('IS'),
  is_not: infix('IS NOT'),
  isnot: infix('IS NOT'),
  in_: inList('IN'),
  notin_: inList('NOT IN'),
  not_in: inList('NOT IN'),
  like: infix('LIKE'),
  notlike: infix('NOT LIKE'),
  ilike: infix('ILIKE'),
  between: (on, [from, to], dialect) => {
    if (!from || !to) return untranslated('a range that is not whole');
    return `${on} BETWEEN ${expressionSql(from, dialect)} AND ${expressionSql(to, dialect)}`;
  },
  startswith: (...given) => likeAt('', '%')(...given),
  endswith: (...given) => likeAt('%', '')(...given),
  contains: (...given) => likeAt('%', '%')(...given),
  concat: (on, [other], dialect) => {
    const right = other ? expressionSql(other, dialect) : "''";
    return dialect === 'mysql' ? `concat(${on}, ${right})` : `${on} || ${right}`;
  },
  desc: (on) => `${on} DESC`,
  asc: (on) => `${on} ASC`,
  label: (on) => on,
  nullslast: (on) => `${on} NULLS LAST`,
  nulls_last: (on) => `${on} NULLS LAST`,
  nulls_first: (on) => `${on} NULLS FIRST`,
};

const joined =
  (word: string) =>
  (parts: readonly Value[], dialect: DialectName): string =>
    parts.map((part) => wrapped(part, dialect)).join(` ${word} `);

const calls: Readonly<Record<string, (given: readonly Value[], dialect: DialectName) => string>> = {
  and_: joined('AND'),
  or_: joined('OR'),
  not_: ([value], dialect) => `NOT (${value ? expressionSql(value, dialect) : ''})`,
  column: ([name], dialect) => nameSql(textOf(name, 'a column'), dialect),
  literal: ([value], dialect) => (value ? expressionSql(value, dialect) : 'NULL'),
  null: () => 'NULL',
  true: (_, dialect) => literalSql(true, dialect),
  True_: (_, dialect) => literalSql(true, dialect),
  false: (_, dialect) => literalSql(false, dialect),
  False_: (_, dialect) => literalSql(false, dialect),
  desc: ([value], dialect) => `${value ? expressionSql(value, dialect) : ''} DESC`,
  asc: ([value], dialect) => `${value ? expressionSql(value, dialect) : ''} ASC`,
  inline_literal: ([value], dialect) => (value ? expressionSql(value, dialect) : 'NULL'),
  between: ([value, from, to], dialect) => betweenSql(value, [from, to], dialect),
  dumps: ([value], dialect) => (value ? literalSql(JSON.stringify(jsonOf(value)), dialect) : 'NULL'),
};

function betweenSql(
  value: Value | undefined,
  [from, to]: readonly (Value | undefined)[],
  dialect: DialectName,
): string {
  if (!value || !from || !to) return untranslated('a range that is not whole');
  return `${wrapped(value, dialect)} BETWEEN ${wrapped(from, dialect)} AND ${wrapped(to, dialect)}`;
}

/** `case((test, value), …, else_=…)`, also with a list of them, or with a dict and `value=`. */
function caseSql({ given, named }: Made, dialect: DialectName): string {
  const [first] = given;
  const list = first?.kind === 'sequence' && first.items[0]?.kind === 'sequence' ? first.items : given;
  const on = named.get('value');
  const pairs =
    first?.kind === 'dict'
      ? first.entries
      : list.map((one) =>
          one.kind === 'sequence' ? one.items : untranslated('a case that is not constant'),
        );
  const whens = pairs.map(([test, value]) => {
    if (!test || !value) return untranslated('a case that is not constant');
    return `WHEN ${expressionSql(test, dialect)} THEN ${expressionSql(value, dialect)}`;
  });
  const other = named.get('else_');
  const tail = other === undefined ? '' : ` ELSE ${expressionSql(other, dialect)}`;
  return `CASE ${on ? `${expressionSql(on, dialect)} ` : ''}${whens.join(' ')}${tail} END`;
}

/** `cast(x, String)` */
function castSql([value, type]: readonly Value[], dialect: DialectName): string {
  const found = type && findType(type, { dialect, rules: noRules }).type;
  const text = found && textOfType(found, dialect);
  if (!value || !text) return untranslated('a cast to a type that is not known');
  const own =
    dialect === 'mysql'
      ? text.replace(/^(?:varchar|text)/, 'char').replace(/^(?:big|small)?int$/, 'signed')
      : text;
  return `CAST(${expressionSql(value, dialect)} AS ${own})`;
}

/** A text with one value at its beginning, its end or within. */
const likeAt =
  (before: string, after: string): Method =>
  (on, [part], dialect) => {
    if (part?.kind !== 'constant' || typeof part.value !== 'string')
      return untranslated('a pattern that is not constant');
    return `${on} LIKE ${literalSql(`${before}${part.value}${after}`, dialect)}`;
  };

const bareFunctions: ReadonlySet<string> = new Set([
  'current_timestamp',
  'current_date',
  'current_time',
  'localtimestamp',
  'current_user',
]);

function functionSql(name: string, given: readonly Value[], dialect: DialectName): string {
  const lower = name.toLowerCase();
  if (bareFunctions.has(lower)) return lower.toUpperCase();
  if (lower === 'now' && given.length === 0) return 'CURRENT_TIMESTAMP';
  return `${name}(${given.map((one) => expressionSql(one, dialect)).join(', ')})`;
}

function madeSql(value: Made, dialect: DialectName): string {
  const { callee, given } = value;
  const text = textSql(value, new Map(), dialect);
  if (text !== null) return text;
  if (callee.kind === 'attribute') {
    const method = Object.hasOwn(methods, callee.name) ? methods[callee.name] : undefined;
    if (!method) return untranslated(`.${callee.name}() in an expression`);
    return method(wrapped(callee.on, dialect), given, dialect);
  }
  if (leafOf(value) === 'case') return caseSql(value, dialect);
  if (/^(cast|type_coerce)$/.test(leafOf(value))) return castSql(given, dialect);
  const path = pathOf(value);
  const [, name] = /\.(?:func|functions)\.(?:.*\.)?(\w+)$/.exec(path) ?? [];
  if (name !== undefined) return functionSql(name, given, dialect);
  const call = Object.hasOwn(calls, leafOf(value)) ? calls[leafOf(value)] : undefined;
  return call ? call(given, dialect) : untranslated(`${path || 'a call'} in an expression`);
}

function binarySql(value: Extract<Value, { kind: 'binary' }>, dialect: DialectName): string {
  const { operator, left, right } = value;
  const isNull = keyOf(right) === 'null' || /^(null|None)$/.test(leafOf(right));
  if (isNull && operator === '==') return `${wrapped(left, dialect)} IS NULL`;
  if (isNull && operator === '!=') return `${wrapped(left, dialect)} IS NOT NULL`;
  if (
    operator === '+' &&
    [left, right].some((one) => one.kind === 'constant' && typeof one.value === 'string')
  ) {
    const sides = [left, right].map((one) => wrapped(one, dialect));
    return dialect === 'mysql' ? `concat(${sides.join(', ')})` : sides.join(' || ');
  }
  return `${wrapped(left, dialect)} ${operators[operator] ?? operator} ${wrapped(right, dialect)}`;
}

/** An expression within another. */
function wrapped(value: Value, dialect: DialectName): string {
  const sql = expressionSql(value, dialect);
  const isSimple =
    value.kind === 'constant' || columnName(value) !== null || /^[\w."`]+(\([^()]*\))?$/.test(sql);
  return isSimple ? sql : `(${sql})`;
}

/** An expression of the language in SQL; refuses what is not constant. */
export function expressionSql(value: Value, dialect: DialectName): string {
  const column = columnName(value);
  if (column !== null) return nameSql(column, dialect);
  switch (value.kind) {
    case 'constant':
      return literalSql(value.value, dialect);
    case 'made':
      return madeSql(value, dialect);
    case 'symbol':
      return madeSql({ kind: 'made', callee: value, given: [], named: new Map() }, dialect);
    case 'binary':
      return binarySql(value, dialect);
    case 'unary':
      return value.operator === '~'
        ? `NOT (${expressionSql(value.value, dialect)})`
        : `${value.operator}${wrapped(value.value, dialect)}`;
    default:
      return untranslated('an expression that is not constant');
  }
}

/** A condition: a text is SQL. */
export function conditionSql(value: Value | undefined, dialect: DialectName): string {
  if (value === undefined) return untranslated('a condition is missing');
  return textSql(value, new Map(), dialect) ?? expressionSql(value, dialect);
}

/** A statement that writes rows. */
export interface Dml {
  readonly verb: 'insert' | 'update' | 'delete';
  readonly table: SqlTable;
  readonly where: readonly Value[];
  readonly values: readonly Value[];
}

function startOf(value: Made): Dml | null {
  const { callee, given } = value;
  const verb = callee.kind === 'attribute' ? callee.name : leafOf(value);
  if (verb !== 'insert' && verb !== 'update' && verb !== 'delete') return null;
  const table = tableOf(callee.kind === 'attribute' ? callee.on : given[0]);
  if (!table) return null;
  const rest = callee.kind === 'attribute' ? given : given.slice(1);
  if (rest.length > 0 || value.named.size > 0) return untranslated('a statement in an old form');
  return { verb, table, where: [], values: [] };
}

/** A chain of `.where(…)` and `.values(…)` on a table; `null`: it is none. */
export function dmlOf(value: Value | undefined): Dml | null {
  if (value?.kind !== 'made') return null;
  const { callee, given, named } = value;
  if (callee.kind === 'attribute') {
    const before = dmlOf(callee.on);
    if (before && callee.name === 'where') return { ...before, where: [...before.where, ...given] };
    if (before && callee.name === 'values') {
      const entries = [...named].map(
        ([key, one]) => [{ kind: 'constant', value: key } as const, one] as const,
      );
      const more: readonly Value[] = entries.length > 0 ? [{ kind: 'dict', entries }] : [];
      return { ...before, values: [...before.values, ...given, ...more] };
    }
    if (before) return untranslated(`.${callee.name}() of a statement`);
  }
  return startOf(value);
}

/** An update or delete as SQL. */
export function dmlSql(dml: Dml, dialect: DialectName): string {
  const condition = dml.where
    .map((one) => (dml.where.length > 1 ? `(${conditionSql(one, dialect)})` : conditionSql(one, dialect)))
    .join(' AND ');
  const where = condition === '' ? '' : ` WHERE ${condition}`;
  const table = tableSql(dml.table, dialect);
  if (dml.verb === 'delete') return `DELETE FROM ${table}${where}`;
  const entries = dml.values.flatMap((one) =>
    one.kind === 'dict' ? one.entries : untranslated('values that are not constant'),
  );
  if (entries.length === 0) return untranslated('an update of nothing');
  const sets = entries.map(([key, one]) => {
    const name = columnName(key) ?? textOf(key, 'a column');
    return `${nameSql(name, dialect)} = ${expressionSql(one, dialect)}`;
  });
  return `UPDATE ${table} SET ${sets.join(', ')}${where}`;
}
