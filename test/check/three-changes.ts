// One object removed, one added, one changed, behind Surefoot's back, and what a check must then say: these three.
// In: a live schema, a hand that changes it, random picks. Out: what was done. Must not know what a check is.

import type { Operation } from '../../src/operations/operation.ts';
import { mentions } from '../../src/schema/identifiers-in-sql.ts';
import type { Column, Index, Schema, Table } from '../../src/schema/schema.ts';
import { refKey, refOf } from '../../src/schema/schema.ts';
import type { Hand } from '../matrix/hand.ts';

/** What was done: `side kind namespace table name`, as findings name the object. */
export type Change = string;

/** Stands for what its author left unnamed. */
export const unnamed = '(unnamed)';

type Side = 'missing' | 'extra' | 'changed';

interface Candidate {
  readonly side: Side;
  /** What it touches: no two changes touch one thing. */
  readonly touches: readonly string[];
  readonly says: Change;
  readonly operations: readonly Operation[];
}

const lost = { uniques: [], foreignKeys: [], checks: [], indexes: [] };

const says = (side: Side, kind: string, owner: { namespace: string | null }, ...names: (string | null)[]) =>
  JSON.stringify([side, kind, owner.namespace, ...names]);

function texts(schema: Schema): readonly string[] {
  return [...schema.views, ...schema.triggers, ...schema.routines].map(({ sql }) => sql);
}

/** True if nothing else in the schema speaks of the column. */
function isAlone(column: Column, table: Table, schema: Schema): boolean {
  const { name } = column;
  const keys = [table.primaryKey, ...table.uniques, ...table.foreignKeys];
  const inside = [
    ...table.checks.map(({ sql }) => sql),
    ...table.columns.flatMap(({ generated }) => generated?.sql ?? []),
    ...table.indexes.flatMap(({ parts, where }) => [...parts.map(({ sql }) => sql ?? ''), where ?? '']),
    ...texts(schema),
  ];
  const referenced = schema.tables.some(({ foreignKeys }) =>
    foreignKeys.some(
      (key) => refKey(key.references.table) === refKey(table) && key.references.columns.includes(name),
    ),
  );
  const isKey = keys.some((key) => key?.columns.includes(name));
  const isIndexed = table.indexes.some(
    ({ parts, include }) => parts.some((part) => part.column === name) || include.includes(name),
  );
  // A view of all columns, or a partition's key, names none of them.
  const isRead = texts(schema).some((sql) => mentions(sql, table.name));
  const isOption = JSON.stringify(table.options).includes(name);
  return (
    !(isKey || isIndexed || referenced || isRead || isOption) && !inside.some((sql) => mentions(sql, name))
  );
}

/** An index that no foreign key rests on, on either side. */
function isFree(index: Index, table: Table, schema: Schema): boolean {
  const columns = index.parts.map((part) => part.column);
  const isHere = table.foreignKeys.some((key) => key.columns.includes(columns[0] ?? ''));
  const isThere = schema.tables.some(({ foreignKeys }) =>
    foreignKeys.some(
      (key) =>
        refKey(key.references.table) === refKey(table) &&
        key.references.columns.some((one) => columns.includes(one)),
    ),
  );
  return index.name !== null && !isHere && !isThere;
}

const columnOf = (table: Table, name: string): string => JSON.stringify([refKey(table), name]);
const partsOf = (table: Table, { parts, include }: Index): readonly string[] =>
  [...parts.map(({ column }) => column ?? ''), ...include].map((name) => columnOf(table, name));

function removals(schema: Schema, names: ReadonlySet<string>): readonly Candidate[] {
  const side = 'missing';
  const inTables = schema.tables.flatMap((one): readonly Candidate[] => {
    const table = refOf(one);
    const columns = one.columns.filter((column) => one.columns.length > 1 && isAlone(column, one, schema));
    const indexes = one.indexes.filter((index) => isFree(index, one, schema));
    const named = (name: string | null) => (name !== null && names.has(name) ? name : unnamed);
    return [
      ...columns.map(
        ({ name }): Candidate => ({
          side,
          touches: [columnOf(one, name)],
          says: says(side, 'column', one, one.name, name),
          operations: [{ kind: 'dropColumn', table, column: name, was: null, lost }],
        }),
      ),
      ...indexes.map(
        (index): Candidate => ({
          side,
          touches: partsOf(one, index),
          says: says(side, 'index', one, one.name, named(index.name)),
          operations: [
            { kind: 'dropIndex', table, target: { name: index.name ?? '' }, was: null, concurrently: false },
          ],
        }),
      ),
      ...one.checks.flatMap(({ name }): readonly Candidate[] =>
        name === null
          ? []
          : [
              {
                side,
                touches: [],
                says: says(side, 'constraint', one, one.name, named(name)),
                operations: [{ kind: 'dropCheck', table, target: { name }, was: null }],
              },
            ],
      ),
    ];
  });
  const views = schema.views
    .filter(({ name }) => !schema.views.some((other) => other.name !== name && mentions(other.sql, name)))
    .map(
      (view): Candidate => ({
        side,
        touches: [],
        says: says(side, 'view', view, null, view.name),
        operations: [{ kind: 'dropView', view: refOf(view), was: null }],
      }),
    );
  const triggers = schema.triggers.map(
    ({ table, name }): Candidate => ({
      side,
      touches: [],
      says: says(side, 'trigger', table, table.name, name),
      operations: [{ kind: 'dropTrigger', table, trigger: name, was: null }],
    }),
  );
  return [...inTables, ...views, ...triggers];
}

const plain: Omit<Column, 'name'> = {
  type: { kind: 'integer' },
  nullable: true,
  default: null,
  onUpdate: null,
  identity: null,
  generated: null,
  collation: null,
  comment: null,
};

const indexOf = (name: string, column: string): Index => ({
  name,
  parts: [
    { column, sql: null, descending: false, nulls: null, collation: null, operatorClass: null, length: null },
  ],
  unique: false,
  where: null,
  method: null,
  include: [],
  nullsNotDistinct: false,
  valid: true,
});

function additions(schema: Schema): readonly Candidate[] {
  const side = 'extra';
  const inTables = schema.tables.flatMap((one): readonly Candidate[] => {
    const table = refOf(one);
    const added = 'added by hand';
    const integer = one.columns.find(
      ({ name, type, generated }) =>
        type.kind === 'integer' &&
        generated === null &&
        !one.indexes.some(({ parts }) => parts[0]?.column === name),
    );
    const isRead = texts(schema).some((sql) => mentions(sql, one.name));
    return [
      ...(isRead
        ? []
        : [
            {
              side,
              touches: [],
              says: says(side, 'column', one, one.name, added),
              operations: [{ kind: 'addColumn', table, column: { ...plain, name: added } }],
            } satisfies Candidate,
          ]),
      ...(integer
        ? [
            {
              side,
              touches: [columnOf(one, integer.name)],
              says: says(side, 'index', one, one.name, added),
              operations: [
                { kind: 'createIndex', table, index: indexOf(added, integer.name), concurrently: false },
              ],
            } satisfies Candidate,
          ]
        : []),
    ];
  });
  const name = 'made by hand';
  const table: Table = {
    namespace: null,
    name,
    columns: [{ ...plain, name: 'id', nullable: false }],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    comment: null,
    options: {},
  };
  const alone: Candidate = {
    side,
    touches: [],
    says: says(side, 'table', table, null, name),
    operations: [{ kind: 'createTable', table }],
  };
  return [...inTables, alone];
}

function changesOf(column: Column): readonly Partial<Omit<Column, 'name'>>[] {
  const { type, nullable } = column;
  if (column.identity !== null || column.generated !== null || column.onUpdate !== null) return [];
  const longer =
    type.kind === 'varchar' && type.length !== null ? [{ type: { ...type, length: type.length + 1 } }] : [];
  const isCounting = type.kind === 'integer' || type.kind === 'bigint';
  const another = isCounting ? [{ default: { kind: 'literal', value: 4711 } as const }] : [];
  return [{ nullable: !nullable }, ...longer, ...another];
}

function alterations(schema: Schema, names: ReadonlySet<string>): readonly Candidate[] {
  const side = 'changed';
  const inTables = schema.tables.flatMap((one): readonly Candidate[] => {
    const table = refOf(one);
    const columns = one.columns.filter((column) => isAlone(column, one, schema));
    const altered = columns.flatMap((column) =>
      changesOf(column).map(
        (changes): Candidate => ({
          side,
          touches: [columnOf(one, column.name)],
          says: says(side, 'column', one, one.name, column.name),
          operations: [{ kind: 'alterColumn', table, column: column.name, changes, was: null, using: null }],
        }),
      ),
    );
    const turned = one.indexes
      .filter((index) => isFree(index, one, schema) && index.method === null && index.parts.length > 1)
      // Without a name of its own it is another index then.
      .filter(({ name }) => name !== null && names.has(name))
      .map((index): Candidate => {
        const parts = index.parts.toReversed();
        return {
          side,
          touches: partsOf(one, index),
          says: says(side, 'index', one, one.name, index.name),
          operations: [
            { kind: 'dropIndex', table, target: { name: index.name ?? '' }, was: null, concurrently: false },
            { kind: 'createIndex', table, index: { ...index, parts }, concurrently: false },
          ],
        };
      });
    return [...altered, ...turned];
  });
  return inTables;
}

interface Means {
  readonly hand: Hand;
  readonly pick: (n: number) => number;
  readonly taken: ReadonlySet<string>;
}

/** Takes the first candidate that the server accepts, in an order that `pick` gives. */
async function oneOf(
  candidates: readonly Candidate[],
  schema: Schema,
  means: Means,
): Promise<Candidate | null> {
  const open = candidates.filter(({ touches }) => !touches.some((one) => means.taken.has(one)));
  while (open.length > 0) {
    const [candidate] = open.splice(means.pick(open.length), 1);
    if (!candidate) break;
    try {
      await means.hand.apply(candidate.operations, schema);
      return candidate;
    } catch {
      // The server would not have it: another one.
    }
  }
  return null;
}

/** The names of indexes and constraints that an author gave; the others are found by what they say. */
export function givenNames(written: Schema): ReadonlySet<string> {
  return new Set(
    written.tables.flatMap(({ primaryKey, uniques, checks, indexes, foreignKeys }) =>
      [primaryKey, ...uniques, ...checks, ...indexes, ...foreignKeys].flatMap((one) => one?.name ?? []),
    ),
  );
}

/** Makes the three changes, as far as the schema has room for them. */
export async function makeThreeChanges(
  hand: Hand,
  { pick, written }: { readonly pick: (n: number) => number; readonly written: Schema },
): Promise<readonly Change[]> {
  const names = givenNames(written);
  const taken = new Set<string>();
  const done: Change[] = [];
  for (const find of [alterations, removals, additions]) {
    const schema = await hand.introspect();
    const one = await oneOf(find(schema, names), schema, { hand, pick, taken });
    for (const thing of one?.touches ?? []) taken.add(thing);
    if (one) done.push(one.says);
  }
  return done.sort();
}
