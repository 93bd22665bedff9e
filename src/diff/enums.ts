import type { Operation } from '../operations/operation.ts';
import type { ColumnType, Enum, Ref, Schema, Sequence } from '../schema/schema.ts';
import { displayRef, refKey, refOf } from '../schema/schema.ts';
import { mentionsName } from './order.ts';
import type { Staging } from './stages.ts';

/** A difference that no operation can make good. */
export interface Inexpressible {
  /** In words: `enum mood`. */
  readonly object: string;
  readonly reason: string;
}

/** What is done about enums and sequences, and what the schema can then be brought to. */
export interface Reachable {
  /** The wanted schema, with what cannot be expressed left as it is. */
  readonly wanted: Schema;
  readonly inexpressible: readonly Inexpressible[];
}

function isEnum(type: ColumnType, ref: Ref): boolean {
  return type.kind === 'enum' && type.name === ref.name && type.namespace === ref.namespace;
}

const usesEnum = (schema: Schema, ref: Ref): boolean =>
  schema.tables.some((table) => table.columns.some((column) => isEnum(column.type, ref)));

const usesSequence = (schema: Schema, { name }: Ref): boolean =>
  schema.tables.some((table) =>
    table.columns.some(
      (column) => column.default?.kind === 'expression' && mentionsName(column.default.sql, name),
    ),
  );

interface Schemas {
  readonly actual: Schema;
  readonly wanted: Schema;
}

interface Change<T> {
  readonly from: T;
  readonly to: T;
  readonly schemas: Schemas;
}

/** The values to add, each with its neighbour; `null`: values are gone or stand in another order. */
export function addedValues(from: Enum, to: Enum): readonly Operation[] | null {
  const known = new Set(from.values);
  const kept = to.values.filter((value) => known.has(value));
  if (kept.length !== from.values.length || kept.some((value, i) => value !== from.values[i])) return null;
  return to.values.flatMap((value, i): readonly Operation[] => {
    if (known.has(value)) return [];
    const after = to.values[i - 1] ?? null;
    const before = after === null ? (from.values[0] ?? null) : null;
    return [{ kind: 'addEnumValue', enum: refOf(to), value, before, after }];
  });
}

/** All values of both: the new ones stand behind their neighbours. */
function allValues(from: Enum, to: Enum): Enum {
  const values = [...from.values];
  for (const [i, value] of to.values.entries()) {
    const before = to.values[i - 1];
    if (!values.includes(value))
      values.splice(before === undefined ? 0 : values.indexOf(before) + 1, 0, value);
  }
  return { ...to, values };
}

/** New values of an enum that stays: also of one that columns hold on both sides, whose old values have to stay with it. */
export function newValues(from: Enum, to: Enum, { actual, wanted }: Schemas): readonly Operation[] {
  const added = addedValues(from, to);
  if (added !== null) return added;
  if (!usesEnum(actual, from) || !usesEnum(wanted, to)) return [];
  return addedValues(from, allValues(from, to)) ?? [];
}

const dropEnum = (was: Enum): Operation => ({ kind: 'dropEnum', enum: refOf(was), was });
const createEnum = (one: Enum): Operation => ({ kind: 'createEnum', enum: one });
const dropSequence = (was: Sequence): Operation => ({ kind: 'dropSequence', sequence: refOf(was), was });
const createSequence = (sequence: Sequence): Operation => ({ kind: 'createSequence', sequence });

/** Values that go or move: the enum is made anew before the first column uses it, or after the last one has. */
function replaceEnum({ from, to, schemas }: Change<Enum>, staging: Staging): boolean {
  if (!usesEnum(schemas.actual, from)) staging.add('enums', dropEnum(from), createEnum(to));
  else if (!usesEnum(schemas.wanted, to)) staging.add('dropEnums', dropEnum(from), createEnum(to));
  else return false;
  return true;
}

function replaceSequence({ from, to, schemas }: Change<Sequence>, staging: Staging): boolean {
  if (!usesSequence(schemas.actual, from)) staging.add('sequences', dropSequence(from), createSequence(to));
  else if (!usesSequence(schemas.wanted, to))
    staging.add('dropSequences', dropSequence(from), createSequence(to));
  else return false;
  return true;
}

/** The enum's columns with the values that it keeps. */
function withEnum(schema: Schema, kept: Enum): Schema {
  const tables = schema.tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) =>
      column.type.kind === 'enum' && isEnum(column.type, kept)
        ? { ...column, type: { ...column.type, values: kept.values } }
        : column,
    ),
  }));
  const enums = schema.enums.map((one) => (refKey(one) === refKey(kept) ? kept : one));
  return { ...schema, tables, enums };
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Enums that stay are the same on both sides by now, or have other values that no server can give them. */
export function changeEnums(schemas: Schemas, staging: Staging): Reachable {
  const known = new Map(schemas.actual.enums.map((one) => [refKey(one), one]));
  const kept = new Set(schemas.wanted.enums.map(refKey));
  let wanted = schemas.wanted;
  const inexpressible: Inexpressible[] = [];
  for (const to of schemas.wanted.enums) {
    const from = known.get(refKey(to));
    if (!from) staging.add('enums', createEnum(to));
    else if (!sameJson(from.values, to.values) && !replaceEnum({ from, to, schemas }, staging)) {
      wanted = withEnum(wanted, from);
      const reason = 'values that columns may hold cannot be taken away from an enum, nor moved';
      inexpressible.push({ object: `enum ${displayRef(to)}`, reason });
    }
  }
  for (const one of schemas.actual.enums) if (!kept.has(refKey(one))) staging.add('dropEnums', dropEnum(one));
  return { wanted, inexpressible };
}

const bounds = ({ start, increment, minimum, maximum, cycle }: Sequence) => [
  start,
  increment,
  minimum,
  maximum,
  cycle,
];

export function changeSequences(schemas: Schemas, staging: Staging): Reachable {
  const known = new Map(schemas.actual.sequences.map((one) => [refKey(one), one]));
  const kept = new Map(schemas.wanted.sequences.map((one) => [refKey(one), one]));
  const inexpressible: Inexpressible[] = [];
  for (const [key, to] of kept) {
    const from = known.get(key);
    if (!from) staging.add('sequences', createSequence(to));
    else if (!sameJson(bounds(from), bounds(to)) && !replaceSequence({ from, to, schemas }, staging)) {
      kept.set(key, from);
      const reason =
        'a sequence that columns take numbers from cannot be made anew: it would count from its start';
      inexpressible.push({ object: `sequence ${displayRef(to)}`, reason });
    }
  }
  for (const [key, one] of known) if (!kept.has(key)) staging.add('dropSequences', dropSequence(one));
  return { wanted: { ...schemas.wanted, sequences: [...kept.values()] }, inexpressible };
}
