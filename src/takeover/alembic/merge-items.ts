// One function, translated for each kind of database → one text with branches where they differ.
// In: items by dialect. Out: blocks in order. Must not know how they are written.

import { canonicalJson } from '../../kernel/hash.ts';
import type { Operation } from '../../operations/operation.ts';
import type { ColumnType, DialectName } from '../../schema/schema.ts';
import type { Item, Remainder } from './machine.ts';
import { textOfType } from './type-text.ts';

/** What a function does on one kind of database. */
export interface DialectItems {
  readonly dialect: DialectName;
  readonly items: readonly Item[];
}

/** A part of a function. */
export type Block =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly dialects: readonly DialectName[] }
  | { readonly kind: 'remainder'; readonly remainder: Remainder }
  | {
      readonly kind: 'branch';
      readonly cases: readonly {
        readonly dialects: readonly DialectName[];
        readonly blocks: readonly Block[];
      }[];
    };

/** True for a column type: an object with a `kind` under the name `type`. */
const isType = (value: unknown): value is ColumnType =>
  typeof value === 'object' && value !== null && 'kind' in value;

/** An item without its types: what is alike in it is one item. */
function skeletonOf(item: Item): string {
  const known = skeletons.get(item);
  if (known !== undefined) return known;
  const made = makeSkeleton(item);
  skeletons.set(item, made);
  return made;
}

const skeletons = new WeakMap<Item, string>();

function makeSkeleton(item: Item): string {
  if (item.kind === 'remainder') return `remainder ${item.remainder.from} ${item.remainder.reason}`;
  const plain = JSON.stringify(item.operation, (key, value: unknown) =>
    key === 'type' && isType(value) ? '*' : value,
  );
  return canonicalJson(JSON.parse(plain));
}

interface Spelled {
  readonly dialect: DialectName;
  readonly value: unknown;
}

function mergedType(given: readonly Spelled[]): ColumnType | null {
  const texts = given.map(({ dialect, value }) =>
    isType(value) ? ([dialect, textOfType(value, dialect)] as const) : null,
  );
  if (!texts.every((one) => one !== null && one[1] !== null)) return null;
  return { kind: 'native', sql: Object.fromEntries(texts.filter((one) => one !== null)) };
}

/** The same value for all, with a type of each where the types differ; `undefined`: they differ otherwise. */
function merged(given: readonly Spelled[], key: string): unknown {
  const [first] = given;
  if (given.every(({ value }) => canonicalJson(value ?? null) === canonicalJson(first?.value ?? null)))
    return first?.value;
  if (key === 'type') return mergedType(given) ?? undefined;
  const values = given.map(({ value }) => value);
  if (values.every((one) => Array.isArray(one))) {
    const items = values[0]?.map((_, at: number) =>
      merged(
        given.map(({ dialect, value }) => ({ dialect, value: Array.isArray(value) ? value[at] : undefined })),
        '',
      ),
    );
    return items?.includes(undefined) ? undefined : items;
  }
  if (!values.every((one) => typeof one === 'object' && one !== null)) return undefined;
  const entries = Object.keys(first?.value ?? {}).map((name) => {
    const members = given.map(({ dialect, value }) => ({
      dialect,
      value: Object.entries(value ?? {}).find(([own]) => own === name)?.[1],
    }));
    return [name, merged(members, name)] as const;
  });
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

function together(given: readonly (readonly [DialectName, Item])[]): Block | null {
  const [first] = given;
  if (!first) return null;
  if (first[1].kind === 'remainder') return { kind: 'remainder', remainder: first[1].remainder };
  const operation = merged(
    given.map(([dialect, item]) => ({ dialect, value: item.kind === 'operation' ? item.operation : null })),
    '',
  );
  if (operation === undefined) return null;
  return {
    kind: 'operation',
    operation: operation as Operation,
    dialects: given.map(([dialect]) => dialect),
  };
}

function alone({ dialect, items }: DialectItems): readonly Block[] {
  return items.flatMap((item) => together([[dialect, item]]) ?? []);
}

/** Databases that do the same stand together. */
function branch(lists: readonly DialectItems[]): readonly Block[] {
  const groups = Map.groupBy(lists, ({ items }) => canonicalJson(items));
  const [only] = groups.values();
  if (groups.size === 1 && only) return mergeItems(only);
  const cases = [...groups.values()].map((group) => ({
    dialects: group.map(({ dialect }) => dialect),
    blocks: group.length > 1 ? mergeItems(group) : group.flatMap(alone),
  }));
  return [{ kind: 'branch', cases: cases.filter(({ blocks }) => blocks.length > 0) }];
}

/** The next item that all have, and where it stands in each. */
function nextCommon(
  lists: readonly DialectItems[],
  keys: readonly (readonly string[])[],
): readonly number[] | null {
  const [first = []] = keys;
  for (const [at, skeleton] of first.entries()) {
    const places = keys.map((list, which) => (which === 0 ? at : list.indexOf(skeleton)));
    if (places.includes(-1)) continue;
    const items = places.flatMap((place, which): readonly (readonly [DialectName, Item])[] => {
      const list = lists[which];
      const item = list?.items[place];
      return list && item ? [[list.dialect, item]] : [];
    });
    if (together(items)) return places;
  }
  return null;
}

/** Puts together what each kind of database does. */
export function mergeItems(lists: readonly DialectItems[]): readonly Block[] {
  const [first] = lists;
  if (!first || lists.every(({ items }) => items.length === 0)) return [];
  if (lists.length === 1) return alone(first);
  const places = nextCommon(
    lists,
    lists.map(({ items }) => items.map(skeletonOf)),
  );
  if (!places) return branch(lists);
  const part = (from: (which: number) => number, until?: (which: number) => number) =>
    lists.map(({ dialect, items }, which) => ({ dialect, items: items.slice(from(which), until?.(which)) }));
  const at = (which: number) => places[which] ?? 0;
  const found = together(
    lists.flatMap(({ dialect, items }, which) => {
      const item = items[at(which)];
      return item ? [[dialect, item] as const] : [];
    }),
  );
  const before = part(() => 0, at);
  return [
    ...(before.every(({ items }) => items.length === 0) ? [] : branch(before)),
    ...(found ? [found] : []),
    ...mergeItems(part((which) => at(which) + 1)),
  ];
}
