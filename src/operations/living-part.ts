// The part of a living table that a drop means, where its author left it unnamed and the server spells it in its own way.
// In: the living table, the drop. Out: the drop, by the part's own name. Must not know a dialect.

import { canonicalJson } from '../kernel/hash.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Table } from '../schema/schema.ts';
import { indexColumns } from './match.ts';
import type { CheckTarget, ConstraintTarget, Operation, OperationOf } from './operation.ts';

interface Named {
  readonly name: string | null;
}

type Spelling = (sql: string) => unknown;

const texts = new Set(['sql', 'where']);

/** A part as text, without its name, and with something else in place of its SQL. */
function form(part: Named, spelling: Spelling): string {
  const replace = (key: string, value: unknown) =>
    texts.has(key) && typeof value === 'string' ? spelling(value) : value;
  return canonicalJson(JSON.parse(JSON.stringify({ ...part, name: null }, replace)));
}

/** The words of an expression in no order: servers turn `NOT a IS NULL` into `a IS NOT NULL`. */
const words: Spelling = (sql) =>
  (sql.match(/'(?:[^']|'')*'|[^'\s()"`[\],]+/g) ?? [])
    .map((word) => (word.startsWith("'") ? word : word.toLowerCase()))
    .map((word) => (word === 'mod' ? '%' : word))
    .toSorted();

/** The same without negation: `NOT (a = 3)` becomes `a <> 3`. */
const unsigned: Spelling = (sql) =>
  (words(sql) as readonly string[])
    .filter((word) => word !== 'not')
    .map((word) => (word === '<>' || word === '!=' ? '=' : word))
    .toSorted();

const cast =
  /\s*::\s*(?:character varying|bit varying|double precision|time(?:stamp)?(?:\(\d\))? with(?:out)? time zone|"[^"]+"|[\w.]+)(?:\(\d+(?:,\d+)?\))?(?:\[\])*/gi;

/** The same without the types that a server adds: `small % 2` becomes `(small)::integer % 2`, and `-1` `'-1'::integer`. */
const uncast: Spelling = (sql) => unsigned(sql.replace(cast, '').replace(/'(-?\d+(?:\.\d+)?)'/g, '$1'));

/** What is done with the columns, whatever they are compared with: a server completes `'2020-01-01'` to the second. */
const shape: Spelling = (sql) => {
  const bare = (uncast(sql) as readonly string[]).filter((word) => !/^['\d-]*\d|^'/.test(word));
  return [...new Set(bare.flatMap((word) => (word === 'between' ? ['>=', '<=', 'and'] : [word])))].toSorted();
};

const numberOf = (name: string | null): number => Number(/_(\d+)$/.exec(name ?? '')?.[1] ?? 0);

/**
 * Of twins, one that bears the name given to what its author left unnamed, or that name with a number; of those the one that
 * came last: the others were there before it was added.
 */
function latest<T extends Named>(twins: readonly T[], given: string | null): T | undefined {
  const own = twins.filter(({ name }) => name === given || name?.replace(/_\d+$/, '') === given);
  return own.toSorted((a, b) => numberOf(b.name) - numberOf(a.name))[0] ?? twins[0];
}

/**
 * The part that an operation remembers: by its name, else the one that is alike, else the only one with the same words,
 * else the only one that is about the same columns. Several that nothing tells apart are none: it is not to be the wrong
 * one that goes. `was` has the name that it was given if its author left it out.
 */
function findLiving<T extends Named>(
  list: readonly T[],
  was: T,
  { columns, isNamed }: { readonly columns: readonly string[]; readonly isNamed: boolean },
): T | undefined {
  const sameName = list.find(({ name }) => name !== null && name === was.name);
  if (isNamed && sameName) return sameName;
  const asIs: Spelling = (sql) => sql;
  for (const spelling of [asIs, words, unsigned, uncast, shape]) {
    const alike = list.filter((part) => form(part, spelling) === form(was, spelling));
    const isSure = new Set(alike.map((part) => form(part, asIs))).size === 1;
    if (isSure) return latest(alike, was.name);
  }
  const mentioned: Spelling = (sql) => columns.filter((column) => mentions(sql, column));
  const close = list.filter((part) => form(part, mentioned) === form(was, mentioned));
  return close.length === 1 ? close[0] : undefined;
}

/** What a drop is looked up in. */
export interface Living {
  /** As it lives, its parts named where the server names all. */
  readonly table: Table;
  /** The form in which a table lives: normalised and named. */
  readonly form: (table: Table) => Table;
}

const empty = { primaryKey: null, uniques: [], foreignKeys: [], checks: [], indexes: [] } as const;

/** The operation with the part that it means as its target. */
function aimed<O extends { readonly target: ConstraintTarget | CheckTarget; readonly was: Named | null }>(
  operation: O,
  found: O['was'] | undefined,
  otherwise: O['target'],
): O {
  if (!found) return operation;
  return { ...operation, was: found, target: found.name === null ? otherwise : { name: found.name } };
}

/** What has an aim: the drops, and the validation of a constraint. */
type Drop = Extract<Operation, { readonly target: unknown }>;

/** Where a unique constraint is a unique index, it is found among these. */
function aimUnique(operation: OperationOf<'dropUnique'>, find: Find, wanted: Table): Operation {
  const unique = find('uniques', wanted);
  if (unique) return aimed(operation, unique, { columns: unique.columns });
  const name = find('indexes', wanted)?.name ?? null;
  return name === null ? operation : { ...operation, target: { name } };
}

type Parts = Pick<Table, 'uniques' | 'foreignKeys' | 'checks' | 'indexes'>;
/** The part of the living table that is the first of its kind in the other. */
type Find = <K extends keyof Parts>(kind: K, wanted: Table) => Parts[K][number] | undefined;

function aim(operation: Drop, find: Find, wanted: (parts: Partial<Parts>) => Table): Operation {
  if (operation.was === null) return operation;
  switch (operation.kind) {
    case 'dropIndex': {
      const index = find('indexes', wanted({ indexes: [operation.was] }));
      return aimed(operation, index, { columns: index ? indexColumns(index) : [] });
    }
    case 'dropUnique':
      return aimUnique(operation, find, wanted({ uniques: [operation.was] }));
    case 'dropForeignKey': {
      const key = find('foreignKeys', wanted({ foreignKeys: [operation.was] }));
      return aimed(operation, key, { columns: key?.columns ?? [] });
    }
    case 'dropCheck': {
      const check = find('checks', wanted({ checks: [operation.was] }));
      return aimed(operation, check, { sql: check?.sql ?? '' });
    }
    case 'validateConstraint': {
      const { was } = operation;
      if ('sql' in was) return aimed(operation, find('checks', wanted({ checks: [was] })), operation.target);
      return aimed(operation, find('foreignKeys', wanted({ foreignKeys: [was] })), operation.target);
    }
  }
}

/** The operation, if it drops a part by its columns or its text, with the part that lives and its name. */
export function resolveDrop(operation: Operation, { table, form: toLiving }: Living): Operation {
  if (!('target' in operation) || 'name' in operation.target || operation.was === null) return operation;
  const columns = table.columns.map(({ name }) => name);
  const isNamed = operation.was.name !== null;
  const wanted = (parts: Partial<Parts>) => toLiving({ ...table, ...empty, ...parts });
  const find: Find = (kind, { [kind]: [was] }) =>
    was && findLiving<typeof was>(table[kind], was, { columns, isNamed });
  return aim(operation, find, wanted);
}
