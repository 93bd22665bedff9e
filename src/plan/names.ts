// Names that objects of one namespace may not share, followed through a plan.
// In: a schema that changes, what a server says of names. Out: whose name is taken; names that are not.
// Must not know a server: `Traits` say which names are shared.

import type { Traits } from '../dialect/dialect.ts';
import { roleOf, touches } from '../operations/apply.ts';
import type { ObjectRef } from '../operations/handler.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { draftSchema } from '../schema/draft.ts';
import { type Naming, type NamingKind, shortenName } from '../schema/naming.ts';
import type { Part, PartKind } from '../schema/parts.ts';
import { displayPart, schemaParts } from '../schema/parts.ts';
import type { Ref } from '../schema/schema.ts';
import { pick } from './pick.ts';

/** What would have a name that something else has, in words. */
export interface Clash {
  readonly object: string;
  readonly holder: string;
}

/** Whose names are taken, while operations change the schema. */
export interface Names {
  /** Before an operation: for now, what it touches has no name. */
  leave(operation: Operation): void;
  /** After it: what takes a name that something else has. */
  enter(operation: Operation): Clash | null;
  /** The naming, with a number behind a name that something else has. */
  avoiding(naming: Naming): Naming;
}

interface Taken {
  readonly key: string;
  readonly part: Part;
}

const ownNamed: ReadonlySet<PartKind> = new Set(['table', 'view', 'sequence', 'enum']);

/** `null`: it has none of its own, or lives without. */
function nameOf({ kind, owner, form }: Part): string | null {
  return ownNamed.has(kind) ? owner.name : ((form as { readonly name?: string | null }).name ?? null);
}

/** A name, as what it may be once: one key for each of the ways in which the server shares it. */
function keysOf(kind: PartKind, { namespace, name }: Ref, { sharedNames }: Traits): readonly string[] {
  return sharedNames.flatMap(({ kinds, ignoresCase }, i) =>
    kinds.includes(kind) ? JSON.stringify([i, namespace, ignoresCase ? name.toLowerCase() : name]) : [],
  );
}

function takenIn(draft: SchemaDraft, traits: Traits): readonly Taken[] {
  return schemaParts(draftSchema(draft)).flatMap((part) => {
    const name = nameOf(part);
    if (name === null) return [];
    return keysOf(part.kind, { namespace: part.owner.namespace, name }, traits).map((key) => ({ key, part }));
  });
}

/** A primary key is found without its name, which matters here. */
const inWords = (part: Part): string =>
  part.kind === 'primary-key' ? `${displayPart(part)} (${nameOf(part)})` : displayPart(part);

const kindOf: Readonly<Record<NamingKind, PartKind>> = {
  primaryKey: 'primary-key',
  unique: 'unique',
  foreignKey: 'foreign-key',
  index: 'index',
  check: 'check',
};

/** What an operation changes; of a statement whose effect is known, what that does. */
function touchedBy(operation: Operation): readonly ObjectRef[] {
  if (operation.kind === 'execute' || operation.kind === 'run')
    return (operation.effect ?? []).flatMap(touchedBy);
  return roleOf(operation) === 'data' ? [] : touches(operation);
}

function split<T>(list: readonly T[], isFirst: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const one of list) (isFirst(one) ? first : second).push(one);
  return [first, second];
}

/** Follows the names of a draft, which is read whole when the first operation asks. */
export function openNames(draft: SchemaDraft, traits: Traits): Names {
  let known: Map<string, Part> | null = null;
  let left: ReadonlySet<string> = new Set();
  const read = () => new Map(takenIn(draft, traits).map(({ key, part }) => [key, part]));
  const touched = (objects: readonly ObjectRef[]) => takenIn(pick(draft, objects), traits);
  /** Triggers go with their table, for one: what is no longer there has no name. */
  const holderOf = ({ key, part }: Taken): Part | null => {
    const holder = known?.get(key);
    if (!holder || holder.key === part.key) return null;
    const all = takenIn(draft, traits).filter((one) => one.key === key && one.part.key !== part.key);
    return all[0]?.part ?? null;
  };
  return {
    leave: (operation) => {
      const objects = touchedBy(operation);
      if (objects.length === 0) return;
      known ??= read();
      const before = touched(objects);
      left = new Set(before.map(({ part }) => part.key));
      for (const { key, part } of before) if (known.get(key)?.key === part.key) known.delete(key);
    },
    enter: (operation) => {
      const objects = touchedBy(operation);
      if (objects.length === 0) return null;
      let clash: Clash | null = null;
      // What was there before has its name first.
      const [old, fresh] = split(touched(objects), ({ part }) => left.has(part.key));
      for (const taken of [...old, ...fresh]) {
        const holder = holderOf(taken);
        if (holder) clash ??= { object: inWords(taken.part), holder: inWords(holder) };
        known?.set(taken.key, taken.part);
      }
      return clash;
    },
    avoiding: (naming) => (kind, table, columns) => {
      const isTaken = (name: string) =>
        keysOf(kindOf[kind], { namespace: table.namespace, name }, traits).some((key) => known?.has(key));
      const usual = naming(kind, table, columns);
      let name = usual;
      for (let number = 2; isTaken(name); number += 1)
        name = shortenName(`${usual}_${number}`, traits.maxIdentifier);
      return name;
    },
  };
}
