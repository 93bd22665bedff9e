// Builds a schema from a seed, in the rules of a server: what the seed asks for and cannot be is left out.

import type { Column, Enum, ForeignKey, Schema, Table, TableRef, View } from '../../src/schema/schema.ts';
import { emptySchema, refOf } from '../../src/schema/schema.ts';
import type { Capabilities } from './arbitrary-capabilities.ts';
import type { ForeignKeySeed, SchemaSeed } from './arbitrary-seeds.ts';
import type { Builder, Draft, Names } from './arbitrary-table.ts';
import { at, draftTable, partName, plainColumn, present } from './arbitrary-table.ts';

export type { Names } from './arbitrary-table.ts';

interface Target {
  readonly ref: TableRef;
  readonly columns: readonly Column[];
}

/** The keys that a foreign key may rest on. */
function targetsIn({ ref, table }: Draft, can: Capabilities): readonly Target[] {
  const keys = [
    ...(table.primaryKey ? [table.primaryKey.columns] : []),
    ...table.uniques.filter((one) => one.deferrable === 'no').map((one) => one.columns),
  ];
  const columnsOf = (names: readonly string[]) =>
    names.flatMap((name) => table.columns.filter((column) => column.name === name));
  return keys
    .map((names) => ({ ref, columns: columnsOf(names) }))
    .filter(({ columns }) => columns.every((column) => can.isReferable(column.type)));
}

interface Link {
  readonly columns: readonly Column[];
  readonly key: ForeignKey;
}

function buildLink(
  seed: ForeignKeySeed,
  slot: number,
  draft: Draft,
  { drafts, builder }: LinkContext,
): Link | null {
  const { can } = builder;
  const parent = at(drafts, seed.parent);
  const targets = targetsIn(parent, can);
  if (targets.length === 0) return null;
  const target = at(targets, seed.key);
  const actions = can.actions.filter((action) => action !== 'set-null' || seed.nullable);
  const columns = target.columns.map((column, i) => ({
    ...plainColumn(at(builder.columns, 5 + slot * 3 + i), column.type, seed.nullable),
    collation: column.collation,
  }));
  const key: ForeignKey = {
    name: seed.named ? partName('fk', draft, slot, builder) : null,
    columns: columns.map((column) => column.name),
    references: { table: target.ref, columns: target.columns.map((column) => column.name) },
    onDelete: at(actions, seed.onDelete),
    onUpdate: at(actions, seed.onUpdate),
    deferrable: at(can.deferrable, seed.deferrable),
    valid: !can.notValid || seed.valid,
  };
  return { columns, key };
}

interface LinkContext {
  readonly drafts: readonly Draft[];
  readonly builder: Builder;
}

/** A foreign key brings its own columns, so that types agree; the parent may be any table, itself included. */
function linkTable(draft: Draft, context: LinkContext): Table {
  const links = present(draft.seed.foreignKeys).flatMap(
    ([seed, slot]) => buildLink(seed, slot, draft, context) ?? [],
  );
  return {
    ...draft.table,
    columns: [...draft.table.columns, ...links.flatMap((link) => link.columns)],
    foreignKeys: links.map((link) => link.key),
  };
}

const spell = (ref: TableRef, quote: Capabilities['quote']): string =>
  ref.namespace === null ? quote(ref.name) : `${quote(ref.namespace)}.${quote(ref.name)}`;

/** Each view reads a table, or a view before it. */
function buildViews(seed: SchemaSeed, tables: readonly Table[], { can, objects }: Builder): readonly View[] {
  const views: View[] = [];
  const columnsOf = new Map<string, string>();
  for (const [one, slot] of present(seed.views)) {
    const name = `v${slot} ${at(objects, slot)}`;
    const sources = [...tables, ...views];
    if (sources.length === 0) continue;
    const source = at(sources, one.over);
    const column = 'columns' in source ? (source.columns[0]?.name ?? '') : (columnsOf.get(source.name) ?? '');
    columnsOf.set(name, column);
    const where = at(['', ' WHERE 1 = 1', ' WHERE 1 < 2'], one.text);
    const plain = `SELECT ${can.quote(column)} FROM ${spell(source, can.quote)}${where}`;
    const texts =
      'columns' in source ? (can.viewTexts?.(spell(source, can.quote), source.columns) ?? []) : [];
    const sql = at([plain, ...texts], one.text + 3 * one.over);
    views.push({ namespace: null, name, sql, materialized: can.materializedViews && one.materialized });
  }
  return views;
}

const enumValues = ['a', 'b', "it's", 'd "e"', 'ü', ''];

function buildEnums(seed: SchemaSeed, { can, objects }: Builder): readonly Enum[] {
  if (!can.namedEnums) return [];
  return present(seed.enums).map(([values, slot]) => ({
    namespace: null,
    name: `e${slot} ${at(objects, slot)}`,
    values: [...new Set(values)].sort().map((n) => at(enumValues, n)),
  }));
}

/** The schema that a seed asks for, with these names, as far as the server can hold it. */
export function buildSchema(seed: SchemaSeed, names: Names, can: Capabilities): Schema {
  const builder: Builder = { ...names, can };
  const namespaces = can.namespaces
    ? present(seed.namespaces).map(([, slot]) => `n${slot} ${at(names.objects, slot)}`)
    : [];
  const enums = buildEnums(seed, builder);
  const drafts = present(seed.tables).map(([one, place]) =>
    draftTable(one, place, { enums, namespaces, builder }),
  );
  const tables = drafts.map((draft) => linkTable(draft, { drafts, builder }));
  const routine = can.routine;
  const trigger = can.trigger;
  return {
    ...emptySchema,
    namespaces,
    enums,
    tables,
    sequences: can.sequences
      ? present(seed.sequences).map(([increment, slot]) => ({
          namespace: null,
          name: `s${slot} ${at(names.objects, slot)}`,
          start: 1,
          increment,
          minimum: null,
          maximum: null,
          cycle: increment === 3,
        }))
      : [],
    views: can.views ? buildViews(seed, tables, builder) : [],
    routines: routine
      ? present(seed.routines).map(([n, slot]) =>
          routine({ namespace: null, name: `r${slot} ${at(names.objects, slot)}` }, n),
        )
      : [],
    triggers: trigger
      ? drafts.flatMap(({ ref, seed: { trigger: n }, place }) => {
          if (n === null) return [];
          const named = { table: refOf(ref), name: `t${place} ${at(names.objects, place)}` };
          return [{ ...named, sql: trigger(named, n) }];
        })
      : [],
  };
}
