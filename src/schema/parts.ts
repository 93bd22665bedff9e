import { canonicalJson } from '../kernel/hash.ts';
import { routineKey, triggerKey } from './draft.ts';
import type { Check, Index, Ref, Schema, Table, Unique } from './schema.ts';
import { displayRef, refKey, refOf } from './schema.ts';

export type PartKind =
  | 'namespace'
  | 'enum'
  | 'sequence'
  | 'table'
  | 'comment'
  | 'column'
  | 'primary-key'
  | 'unique'
  | 'foreign-key'
  | 'check'
  | 'index'
  | 'view'
  | 'routine'
  | 'trigger';

/**
 * The smallest thing that is compared on its own: a column, an index, a view … `form` is all that matters of it, as JSON.
 * Two parts of one key are two forms of one thing.
 */
export interface Part {
  readonly key: string;
  readonly kind: PartKind;
  /** The table it belongs to, or the object itself. */
  readonly owner: Ref;
  /** `null`: its author left it unnamed; it is then found by `slot`. */
  readonly name: string | null;
  /** What identifies it where the name does not count: the columns of a constraint, the parts of an index. */
  readonly slot: string;
  readonly form: object;
}

interface Named {
  readonly name: string | null;
}

function part(kind: PartKind, owner: Ref, named: Named, facts: { slot?: string; form: object }): Part {
  const slot = `${kind}\u0001${refKey(owner)}\u0001${facts.slot ?? named.name ?? ''}`;
  const key = named.name === null ? `${slot}\u0001~` : `${kind}\u0001${refKey(owner)}\u0001${named.name}`;
  return { key, kind, owner: refOf(owner), name: named.name, slot, form: facts.form };
}

const list = (values: readonly string[]): string => values.join('\u0002');

/** Tables are values: those that history and server, before and after have in common are taken apart once. */
const partsOfTables = new WeakMap<Table, readonly Part[]>();

/** A table's parts. Columns are compared one by one: their order does not count. */
export function tableParts(table: Table): readonly Part[] {
  const known = partsOfTables.get(table);
  if (known !== undefined) return known;
  const parts = takeApart(table);
  partsOfTables.set(table, parts);
  return parts;
}

function takeApart(table: Table): readonly Part[] {
  const own = { name: '' };
  const { primaryKey } = table;
  return [
    part('table', table, own, { form: { options: table.options } }),
    ...(table.comment === null ? [] : [part('comment', table, own, { form: { comment: table.comment } })]),
    ...table.columns.map((column) => part('column', table, column, { form: column })),
    // A table has one primary key: its name is a property, never what finds it.
    ...(primaryKey ? [part('primary-key', table, own, { form: primaryKey })] : []),
    ...table.uniques.map((unique) =>
      part('unique', table, unique, { slot: list(unique.columns), form: unique }),
    ),
    ...table.foreignKeys.map((key) =>
      part('foreign-key', table, key, {
        slot: list([...key.columns, refKey(key.references.table)]),
        form: key,
      }),
    ),
    ...table.checks.map((check) => part('check', table, check, { slot: check.sql, form: check })),
    ...table.indexes.map((index) =>
      part('index', table, index, {
        slot: canonicalJson([index.parts, index.unique, index.where, index.method]),
        form: index,
      }),
    ),
  ];
}

/** All parts of a schema. */
export function schemaParts(schema: Schema): readonly Part[] {
  const own = { name: '' };
  return [
    ...schema.namespaces.map((name) => part('namespace', { namespace: null, name }, own, { form: { name } })),
    ...schema.enums.map((one) => part('enum', one, own, { form: one })),
    ...schema.sequences.map((one) => part('sequence', one, own, { form: one })),
    ...schema.tables.flatMap(tableParts),
    ...schema.views.map((one) => part('view', one, own, { form: one })),
    ...schema.routines.map((one) => part('routine', one, { name: routineKey(one) }, { form: one })),
    ...schema.triggers.map((one) => part('trigger', one.table, { name: triggerKey(one) }, { form: one })),
  ];
}

/** Parts by key, and those of one slot. */
export interface PartIndex {
  readonly byKey: ReadonlyMap<string, Part>;
  readonly bySlot: ReadonlyMap<string, readonly Part[]>;
}

export function indexParts(parts: readonly Part[]): PartIndex {
  const byKey = new Map<string, Part>();
  const bySlot = new Map<string, Part[]>();
  for (const one of parts) {
    byKey.set(one.key, one);
    const others = bySlot.get(one.slot);
    if (others) others.push(one);
    else bySlot.set(one.slot, [one]);
  }
  return { byKey, bySlot };
}

/**
 * The counterpart of a part: of the same name, or, where either is unnamed, in the same slot. What `isTaken` by its own name
 * is nobody else's.
 */
export function findPart(
  index: PartIndex,
  wanted: Part,
  isTaken: (key: string) => boolean = () => false,
): Part | undefined {
  const exact = index.byKey.get(wanted.key);
  if (exact) return exact;
  const others = (index.bySlot.get(wanted.slot) ?? []).filter(({ key }) => !isTaken(key));
  return wanted.name === null ? others[0] : others.find((other) => other.name === null);
}

type Content = Partial<Pick<Unique, 'columns'> & Pick<Check, 'sql'> & Pick<Index, 'parts'>>;

/** What tells a constraint or an index that its author left unnamed: its columns or expressions, or its condition. */
export function contentOf({ form }: Part): string {
  const { columns, parts, sql } = form as Content;
  const list = columns ?? parts?.map((one) => one.column ?? one.sql ?? '') ?? [sql ?? ''];
  return list.join(', ');
}

/** A part in words: `column user.email`, `unique (email) of user`. */
export function displayPart(one: Part): string {
  if (one.kind === 'column') return `column ${displayRef(one.owner)}.${one.name}`;
  if (one.kind === 'routine') return displayRef(one.owner);
  if (one.kind === 'trigger')
    return `trigger ${one.name?.split('\u0001')[1] ?? ''} on ${displayRef(one.owner)}`;
  if (one.kind === 'primary-key') return `primary key of ${displayRef(one.owner)}`;
  if (one.kind === 'comment') return `comment of ${displayRef(one.owner)}`;
  if (one.name === '') return `${one.kind} ${displayRef(one.owner)}`;
  const columns = 'columns' in one.form || one.name === null ? ` (${contentOf(one)})` : '';
  return `${one.kind} ${one.name ?? columns.trim()} of ${displayRef(one.owner)}`;
}
