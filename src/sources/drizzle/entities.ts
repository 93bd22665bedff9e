// What a Drizzle object is, told by the marks that it carries: no copy of the library is needed for it.
// In: any value. Out: its classes' names, the core that made it. Must not know what is made of it.

const entityKind = Symbol.for('drizzle:entityKind');
const isEnum = Symbol.for('drizzle:isPgEnum');
const isAlias = Symbol.for('drizzle:IsAlias');
const tableName = Symbol.for('drizzle:Name');

/** The marks of a value's class and of those that it extends, the nearest first; empty: it is not of Drizzle. */
export function kindsOf(value: unknown): readonly string[] {
  if (typeof value === 'function' && Reflect.get(value, isEnum) === true) return ['PgEnum'];
  if (typeof value !== 'object' || value === null) return [];
  const kinds: string[] = [];
  let one: unknown = Reflect.get(Object.getPrototypeOf(value) ?? {}, 'constructor');
  while (typeof one === 'function') {
    const kind = Object.hasOwn(one, entityKind) ? Reflect.get(one, entityKind) : undefined;
    if (typeof kind === 'string') kinds.push(kind);
    one = Object.getPrototypeOf(one);
  }
  return kinds;
}

/** What models are made of, and is read. */
export const wholes = {
  table: ['PgTable', 'MySqlTable', 'SQLiteTable', 'SingleStoreTable', 'GelTable'],
  view: ['PgView', 'MySqlView', 'SQLiteView', 'SingleStoreView', 'GelView'],
  materializedView: ['PgMaterializedView'],
  enum: ['PgEnum'],
  sequence: ['PgSequence', 'GelSequence'],
  namespace: ['PgSchema', 'MySqlSchema', 'SingleStoreSchema', 'GelSchema'],
  policy: ['PgPolicy', 'GelPolicy'],
  role: ['PgRole', 'GelRole'],
} as const;

export type Whole = keyof typeof wholes;

/** One exported object. */
export interface Entity {
  readonly whole: Whole;
  /** The part of the library that made it: `pg-core`. */
  readonly core: string;
  readonly value: object;
  readonly file: string;
}

function coreOf(kind: string): string {
  const [, family = kind] = /^(Pg|MySql|SQLite|SingleStore|Gel)/.exec(kind) ?? [];
  return `${family.toLowerCase()}-core`;
}

/** A value that is part of a schema; `null`: relations, aliases, connections, and everything that is not of Drizzle. */
export function entityOf(value: unknown, file: string): Entity | null {
  const kinds = kindsOf(value);
  for (const [whole, names] of Object.entries(wholes)) {
    const kind = kinds.find((one) => (names as readonly string[]).includes(one));
    if (kind === undefined || Reflect.get(Object(value), isAlias) === true) continue;
    return { whole: whole as Whole, core: coreOf(kind), value: Object(value), file };
  }
  return null;
}

/** The name of a table, for messages. */
export function nameOfTable(table: object): string {
  return String(Reflect.get(table, tableName));
}
