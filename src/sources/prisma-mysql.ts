// A Prisma schema as MySQL's DDL, by Prisma's own rules: the engine that writes it is published as a native program only.
// In: the blocks of a schema that the engine has found valid. Out: statements for an empty database.
// Must not know files, nor how the schema was validated.

import type { Dialect } from '../dialect/dialect.ts';
import type { PrismaAttribute, PrismaBlock, PrismaField, PrismaValue } from './prisma-language.ts';
import { argumentOf, databaseName, wordOf } from './prisma-language.ts';
import type { ColumnContext } from './prisma-mysql-column.ts';
import { attributeOf, columnSql, columnType, isColumn } from './prisma-mysql-column.ts';

interface Context extends ColumnContext {
  readonly models: ReadonlyMap<string, PrismaBlock>;
}

const nameLimit = 64;

/** Prisma shortens what stands before the suffix. */
function nameOf(table: string, columns: readonly string[], suffix: string): string {
  const whole = Array.from([table, ...columns].join('_'));
  return whole.slice(0, nameLimit - suffix.length).join('') + suffix;
}

const tableSuffix = ' DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci';

const itemsOf = (value: PrismaValue | null): readonly PrismaValue[] =>
  value?.kind === 'list' ? value.items : value === null ? [] : [value];

const columnOf = (model: PrismaBlock, field: string): string => {
  const found = model.fields.find(({ name }) => name === field);
  return found ? databaseName(found) : field;
};

/** A part of a key: `title`, or `title(length: 100, sort: Desc)`. */
interface Part {
  readonly column: string;
  readonly length: string | null;
  readonly sort: string | null;
}

function partOf(value: PrismaValue, model: PrismaBlock): Part {
  const isCall = value.kind === 'call';
  return {
    column: columnOf(model, isCall ? value.name : (wordOf(value) ?? '')),
    length: isCall ? wordOf(argumentOf(value, 'length')) : null,
    sort: isCall ? wordOf(argumentOf(value, 'sort')) : null,
  };
}

function partSql({ column, length, sort }: Part, { dialect }: Context): string {
  const order = sort === null ? '' : ` ${sort.toUpperCase()}`;
  return `${dialect.quote(column)}${length === null ? '' : `(${length})`}${order}`;
}

interface Key {
  readonly kind: 'PRIMARY KEY' | 'UNIQUE INDEX' | 'INDEX' | 'FULLTEXT INDEX';
  readonly suffix: string;
  /** `name` is an older word for `map`; elsewhere it is the client's name of the key. */
  readonly nameMaps?: true;
}

const fieldKeys: ReadonlyMap<string, Key> = new Map([
  ['id', { kind: 'PRIMARY KEY', suffix: '' }],
  ['unique', { kind: 'UNIQUE INDEX', suffix: '_key' }],
]);

const blockKeys: ReadonlyMap<string, Key> = new Map([
  ...fieldKeys,
  ['index', { kind: 'INDEX', suffix: '_idx', nameMaps: true }],
  ['fulltext', { kind: 'FULLTEXT INDEX', suffix: '_idx' }],
]);

interface WrittenKey extends Key {
  readonly attribute: PrismaAttribute;
  readonly parts: readonly Part[];
}

function keysOf(model: PrismaBlock): readonly WrittenKey[] {
  const onFields = model.fields.flatMap((field) =>
    field.attributes.flatMap((attribute): readonly WrittenKey[] => {
      const key = fieldKeys.get(attribute.name);
      const given = { kind: 'call', name: field.name, given: attribute.given } as const;
      return key ? [{ ...key, attribute, parts: [partOf(given, model)] }] : [];
    }),
  );
  const onBlock = model.attributes.flatMap((attribute): readonly WrittenKey[] => {
    const key = blockKeys.get(attribute.name);
    const fields = itemsOf(argumentOf(attribute, 'fields', 0));
    return key ? [{ ...key, attribute, parts: fields.map((field) => partOf(field, model)) }] : [];
  });
  return [...onFields, ...onBlock];
}

function keySql(
  { kind, suffix, nameMaps, attribute, parts }: WrittenKey,
  model: PrismaBlock,
  context: Context,
): string {
  const list = `(${parts.map((part) => partSql(part, context)).join(', ')})`;
  if (kind === 'PRIMARY KEY') return `${kind} ${list}`;
  const columns = parts.map(({ column }) => column);
  const given = wordOf(argumentOf(attribute, 'map') ?? (nameMaps ? argumentOf(attribute, 'name') : null));
  return `${kind} ${context.dialect.quote(given ?? nameOf(databaseName(model), columns, suffix))}${list}`;
}

function tableSql(model: PrismaBlock, context: Context): string {
  const columns = model.fields.filter((field) => isColumn(field, context));
  const lines = [
    ...columns.map((field) => columnSql(field, context)),
    ...keysOf(model).map((key) => keySql(key, model, context)),
  ];
  return createTable(databaseName(model), lines, context);
}

function createTable(name: string, lines: readonly string[], { dialect }: Context): string {
  return `CREATE TABLE ${dialect.quote(name)} (\n  ${lines.join(',\n  ')}\n)${tableSuffix}`;
}

const actions: ReadonlyMap<string, string> = new Map([
  ['Cascade', 'CASCADE'],
  ['Restrict', 'RESTRICT'],
  ['NoAction', 'NO ACTION'],
  ['SetNull', 'SET NULL'],
  ['SetDefault', 'SET DEFAULT'],
]);

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}

function foreignKeySql(key: ForeignKey, { dialect: { quote } }: Context): string {
  const list = (columns: readonly string[]) => `(${columns.map(quote).join(', ')})`;
  return (
    `ALTER TABLE ${quote(key.table)} ADD CONSTRAINT ${quote(key.name)} FOREIGN KEY ${list(key.columns)}` +
    ` REFERENCES ${quote(key.target)}${list(key.targetColumns)}` +
    ` ON DELETE ${key.onDelete} ON UPDATE ${key.onUpdate}`
  );
}

/** A row that may be without its parent loses it, one that must have it keeps the parent. */
function deleteAction(model: PrismaBlock, fields: readonly string[], relation: PrismaField): string {
  const own = model.fields.filter(({ name }) => fields.includes(name));
  const isRequired = own.some(({ arity }) => arity === 'one') || relation.arity === 'one';
  return isRequired ? 'RESTRICT' : 'SET NULL';
}

function foreignKeyOf(model: PrismaBlock, field: PrismaField, context: Context): ForeignKey | null {
  const relation = attributeOf(field, 'relation');
  const target = context.models.get(wordOf(field.type) ?? '');
  const fields = itemsOf(relation && argumentOf(relation, 'fields')).map((one) => wordOf(one) ?? '');
  if (!relation || !target || fields.length === 0) return null;
  const table = databaseName(model);
  const columns = fields.map((name) => columnOf(model, name));
  const references = itemsOf(argumentOf(relation, 'references')).map((one) => wordOf(one) ?? '');
  const action = (label: string) => actions.get(wordOf(argumentOf(relation, label)) ?? '');
  return {
    table,
    name: wordOf(argumentOf(relation, 'map')) ?? nameOf(table, columns, '_fkey'),
    columns,
    target: databaseName(target),
    targetColumns: references.map((name) => columnOf(target, name)),
    onDelete: action('onDelete') ?? deleteAction(model, fields, field),
    onUpdate: action('onUpdate') ?? 'CASCADE',
  };
}

/** A table that no model declares: two lists that point at each other. */
interface JoinTable {
  readonly name: string;
  /** The two models in the order of their names. */
  readonly sides: readonly [PrismaBlock, PrismaBlock];
}

function relationName(field: PrismaField): string | null {
  const relation = attributeOf(field, 'relation');
  return relation && wordOf(argumentOf(relation, 'name', 0));
}

function joinTableOf(model: PrismaBlock, field: PrismaField, context: Context): JoinTable | null {
  const other = context.models.get(wordOf(field.type) ?? '');
  if (!other || field.arity !== 'list') return null;
  const name = relationName(field);
  const isOpposite = (one: PrismaField) =>
    one !== field && wordOf(one.type) === model.name && relationName(one) === name;
  if (other.fields.find(isOpposite)?.arity !== 'list') return null;
  const sides = model.name <= other.name ? ([model, other] as const) : ([other, model] as const);
  return { name: `_${name ?? sides.map((side) => side.name).join('To')}`.slice(0, nameLimit), sides };
}

const joinColumns = ['A', 'B'] as const;

const idOf = (model: PrismaBlock): PrismaField | undefined => {
  const [first] = keysOf(model).find(({ kind }) => kind === 'PRIMARY KEY')?.parts ?? [];
  return model.fields.find((field) => databaseName(field) === first?.column);
};

function joinTableSql({ name, sides }: JoinTable, context: Context): string {
  const { quote } = context.dialect;
  const columns = sides.map((side, index) => {
    const id = idOf(side);
    return `${quote(joinColumns[index] ?? '')} ${id ? columnType(id, context) : ''} NOT NULL`;
  });
  const unique = quote(nameOf(name, ['AB'], '_unique'));
  const index = quote(nameOf(name, ['B'], '_index'));
  const keys = [`UNIQUE INDEX ${unique}(\`A\`, \`B\`)`, `INDEX ${index}(\`B\`)`];
  return createTable(name, [...columns, ...keys], context);
}

function joinKeys({ name, sides }: JoinTable): readonly ForeignKey[] {
  return sides.map((side, index) => {
    const column = joinColumns[index] ?? '';
    return {
      table: name,
      name: nameOf(name, [column], '_fkey'),
      columns: [column],
      target: databaseName(side),
      targetColumns: [databaseName(idOf(side) ?? side)],
      onDelete: 'CASCADE',
      onUpdate: 'CASCADE',
    };
  });
}

function joinTables(context: Context): readonly JoinTable[] {
  const found = [...context.models.values()].flatMap((model) =>
    model.fields.flatMap((field) => joinTableOf(model, field, context) ?? []),
  );
  return [...new Map(found.map((table) => [table.name, table])).values()];
}

function foreignKeys(context: Context, tables: readonly JoinTable[]): readonly ForeignKey[] {
  const own = [...context.models.values()].flatMap((model) =>
    model.fields.flatMap((field) => foreignKeyOf(model, field, context) ?? []),
  );
  return [...own, ...tables.flatMap(joinKeys)];
}

function byName(blocks: readonly PrismaBlock[], kind: string): ReadonlyMap<string, PrismaBlock> {
  return new Map(blocks.filter((block) => block.kind === kind).map((block) => [block.name, block]));
}

/** The statements that make the tables of a schema; foreign keys come last, and not where Prisma itself looks after them. */
export function prismaMysqlScript(
  blocks: readonly PrismaBlock[],
  dialect: Pick<Dialect, 'quote' | 'literal'>,
): readonly string[] {
  const context: Context = { dialect, enums: byName(blocks, 'enum'), models: byName(blocks, 'model') };
  const datasource = blocks.find(({ kind }) => kind === 'datasource');
  const joins = joinTables(context);
  const isPrismaMode = wordOf(datasource?.settings.get('relationMode')) === 'prisma';
  return [
    ...[...context.models.values()].map((model) => tableSql(model, context)),
    ...joins.map((join) => joinTableSql(join, context)),
    ...(isPrismaMode ? [] : foreignKeys(context, joins).map((key) => foreignKeySql(key, context))),
  ];
}
