import type { Dialect } from '../dialect/dialect.ts';
import { sameJson } from '../kernel/hash.ts';
import { tablesOfEnum } from '../operations/add-enum-value.ts';
import { applyAll, applyTo, invert, roleOf, touches } from '../operations/apply.ts';
import type { ObjectRef } from '../operations/handler.ts';
import { tableObject } from '../operations/handler.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, draftSchema } from '../schema/draft.ts';
import { mentions, saysName } from '../schema/identifiers-in-sql.ts';
import type { Part } from '../schema/parts.ts';
import { schemaParts } from '../schema/parts.ts';
import type { Schema, TableRef, View } from '../schema/schema.ts';
import { refOf, sameRef } from '../schema/schema.ts';
import { pick } from './pick.ts';

/**
 * What an operation does to one part of the schema: `null` is absence. `any`: whatever is there, since history already
 * says that it is as the operation makes it (a revision that ensures what an earlier one should have made).
 */
export interface Effect {
  readonly before: Part | null | 'any';
  readonly after: Part | null;
  /** The objects as they are before and after, for a server to spell. */
  readonly schemas: { readonly before: Schema; readonly after: Schema };
}

/** The key of an effect's part. */
export function effectKey(effect: Effect): string {
  const part = effect.after ?? effect.before;
  return part === null || part === 'any' ? '' : part.key;
}

function objectsOf(operation: Operation, before: SchemaDraft): readonly ObjectRef[] {
  const own = touches(operation);
  // The values of an enum stand at its columns, too.
  if (operation.kind === 'addEnumValue') return [...own, ...tablesOfEnum(before, operation.enum)];
  if (operation.kind === 'renameTable') return [...own, ...followers(operation.from, before)];
  if (operation.kind === 'renameColumn') return [...own, ...followers(operation.table, before)];
  if (operation.kind === 'createTrigger') return [...own, ...placeOf(operation.trigger.table)];
  if (operation.kind === 'dropTrigger') return [...own, ...placeOf(operation.table)];
  const select = viewText(operation);
  return select === null ? own : [...own, ...mentionedIn(select, before)];
}

/** What a trigger is on: a server spells it only where that is there, too. */
const placeOf = (ref: TableRef): readonly ObjectRef[] => [tableObject(ref), { kind: 'view', ref }];

/** Views that read what is called so, and those that read these. */
function readersOf(name: string, { views }: SchemaDraft): readonly View[] {
  const found = new Set<View>();
  const add = (one: string): void => {
    for (const view of views.values()) {
      if (found.has(view) || !mentions(view.sql, one)) continue;
      found.add(view);
      add(view.name);
    }
  };
  add(name);
  return [...found];
}

/** What says the name of a table or of its columns, and follows a renaming: keys of other tables, triggers, views. */
function followers(table: TableRef, before: SchemaDraft): readonly ObjectRef[] {
  const children = [...before.tables.values()].filter(({ foreignKeys }) =>
    foreignKeys.some(({ references }) => sameRef(references.table, table)),
  );
  const triggers = [...before.triggers.values()].filter(
    (trigger) => sameRef(trigger.table, table) || saysName(trigger.sql, table.name),
  );
  const views = readersOf(table.name, before);
  return [
    ...children.map(tableObject),
    ...triggers.map((trigger): ObjectRef => ({ kind: 'trigger', table: trigger.table, name: trigger.name })),
    ...triggers.flatMap((trigger) => [tableObject(trigger.table), ...mentionedIn(trigger.sql, before)]),
    ...views.map((view): ObjectRef => ({ kind: 'view', ref: refOf(view) })),
    ...views.flatMap((view) => mentionedIn(view.sql, before)),
  ];
}

function viewText(operation: Operation): string | null {
  if (operation.kind === 'createView') return operation.view.sql;
  return operation.kind === 'dropView' ? (operation.was?.sql ?? null) : null;
}

/**
 * The tables and views that a SELECT mentions, and what those views mention in turn: a server spells it only where they are
 * there, too.
 */
function mentionedIn(
  select: string,
  { tables, views }: Pick<SchemaDraft, 'tables' | 'views'>,
  seen: Set<View> = new Set(),
): readonly ObjectRef[] {
  const found = [...views.values()].filter((view) => !seen.has(view) && mentions(select, view.name));
  for (const view of found) seen.add(view);
  const named = [...tables.values()].filter(({ name }) => mentions(select, name));
  return [
    ...named.map((table): ObjectRef => ({ kind: 'table', ref: refOf(table) })),
    ...found.map((view): ObjectRef => ({ kind: 'view', ref: refOf(view) })),
    ...found.flatMap((view) => mentionedIn(view.sql, { tables, views }, seen)),
  ];
}

/** The objects before and after the operation: before a creation they are without what it creates. */
function sides(operation: Operation, picked: SchemaDraft): readonly [SchemaDraft, SchemaDraft] {
  const before = copyDraft(picked);
  if (roleOf(operation) === 'create') applyAll(before, invert(operation) ?? []);
  const after = copyDraft(before);
  applyTo(after, operation);
  return [before, after];
}

/** A drop of what history no longer has: before it, the object is as its inverse would make it. */
function restored(operation: Operation, after: SchemaDraft): SchemaDraft {
  const before = copyDraft(after);
  applyAll(before, invert(operation) ?? []);
  return before;
}

function changesBetween(before: Schema, after: Schema): readonly Effect[] {
  const schemas = { before, after };
  const beforeParts = new Map(schemaParts(before).map((part) => [part.key, part]));
  const afterParts = new Map(schemaParts(after).map((part) => [part.key, part]));
  const gone = [...beforeParts.values()].filter((part) => !afterParts.has(part.key));
  const made = [...afterParts.values()].filter((part) => !isSame(beforeParts.get(part.key), part));
  return [
    ...gone.map((part): Effect => ({ before: part, after: null, schemas })),
    ...made.map((part): Effect => ({ before: beforeParts.get(part.key) ?? null, after: part, schemas })),
  ];
}

function isSame(a: Part | undefined, b: Part): boolean {
  return a !== undefined && sameJson(a.form, b.form);
}

/** An alteration that history has already: its column may stand in any form, and is to end in this one. */
function ensured(operation: Operation, after: Schema): readonly Effect[] {
  if (operation.kind !== 'alterColumn') return [];
  const column = schemaParts(after).find((part) => part.kind === 'column' && part.name === operation.column);
  return column ? [{ before: 'any', after: column, schemas: { before: after, after } }] : [];
}

/**
 * The names of all that an operation may change: bare, and in lower case, since a dialect may fold what says where they
 * are and how they are spelled. Cheap, where `effectsOf` is not: nothing is taken apart.
 */
export function namesTouched(operation: Operation, history: SchemaDraft): readonly string[] {
  const declared = operation.kind === 'execute' || operation.kind === 'run' ? operation.effect : null;
  if (declared === null) return objectsOf(operation, history).map(nameOf);
  if (declared.length === 0) return [];
  const draft = copyDraft(history);
  return declared.flatMap((one) => {
    const names = namesTouched(one, draft);
    applyTo(draft, one);
    return names;
  });
}

/** A name as `namesTouched` tells it. */
export const comparableName = (name: string): string => name.toLowerCase();

function nameOf(object: ObjectRef): string {
  switch (object.kind) {
    case 'trigger':
      return comparableName(object.table.name);
    case 'routine':
      return comparableName(object.routine.name);
    case 'namespace':
      return comparableName(object.name);
    default:
      return comparableName(object.ref.name);
  }
}

/** What one operation does, part by part, when it meets the schema that history describes before it. */
export function effectsOf(operation: Operation, history: SchemaDraft, dialect: Dialect): readonly Effect[] {
  const declared = operation.kind === 'execute' || operation.kind === 'run' ? operation.effect : null;
  if (declared !== null) return effectsOfAll(declared, history, dialect);
  const objects = objectsOf(operation, history);
  if (objects.length === 0) return [];
  const [before, after] = sides(operation, pick(history, objects)).map((draft) =>
    dialect.normalize(draftSchema(draft)),
  ) as [Schema, Schema];
  const effects = changesBetween(before, after);
  if (effects.length > 0) return effects;
  if (roleOf(operation) === 'drop') {
    const made = restored(operation, pick(history, objects));
    return changesBetween(dialect.normalize(draftSchema(made)), after);
  }
  return ensured(operation, after);
}

function effectsOfAll(
  operations: readonly Operation[],
  history: SchemaDraft,
  dialect: Dialect,
): readonly Effect[] {
  if (operations.length === 0) return [];
  const draft = copyDraft(history);
  return operations.flatMap((operation) => {
    const effects = effectsOf(operation, draft, dialect);
    applyTo(draft, operation);
    return effects;
  });
}
