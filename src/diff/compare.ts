// Two schemas, part by part: what is missing, what differs, what is extra. Settled by structure alone.
// In: normalised schemas. Out: Difference[]. Must not know a dialect or a database.

import { canonicalJson, sameJson } from '../kernel/hash.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Part } from '../schema/parts.ts';
import { schemaParts } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import { withoutAlike } from './alike.ts';
import type { Marks } from './pair.ts';
import { pairUp } from './pair.ts';

/** `unsure`: equal but for the text of expressions, which only a server can settle. */
export type Equality = 'equal' | 'unsure' | 'different';

/**
 * One difference: `wanted` only is missing, `actual` only is extra, both is changed. `unproven`: unsure, and no server may
 * settle it.
 */
export interface Difference {
  readonly kind: 'missing' | 'changed' | 'unsure' | 'unproven' | 'extra';
  readonly wanted: Part | null;
  readonly actual: Part | null;
}

type Json = Readonly<Record<string, unknown>>;

/** A form without its name, where either side is unnamed. */
function nameless(form: object): object {
  return { ...form, name: null };
}

const texts: ReadonlySet<string> = new Set(['sql', 'where', 'onUpdate']);

/** A form with every SQL text replaced by the same mark; a native type is no expression. */
export function textless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textless);
  if (typeof value !== 'object' || value === null) return value;
  const isNative = (value as Json)['kind'] === 'native';
  const members = Object.entries(value as Json).map(([key, member]) => {
    const isText = texts.has(key) && typeof member === 'string' && !isNative;
    return [key, isText ? '?' : textless(member)];
  });
  return Object.fromEntries(members);
}

const isDefault = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && 'kind' in value;

/** A default that is a literal may be what the other side computes: the two are a matter of text, too. */
export function asTexts(left: object, right: object): readonly [left: object, right: object] {
  const [a, b] = [(left as Json)['default'], (right as Json)['default']];
  if (!isDefault(a) || !isDefault(b) || a['kind'] === b['kind']) return [left, right];
  const text = { kind: 'expression', sql: '?' };
  return [
    { ...left, default: text },
    { ...right, default: text },
  ];
}

const textlessEqual = (left: object, right: object): boolean => {
  const [a, b] = asTexts(left, right);
  return sameJson(textless(a), textless(b));
};

/** How two forms of one part compare. The name counts only where both sides have one. */
export function compareParts(a: Part, b: Part): Equality {
  const named = a.name !== null && b.name !== null && !isUnnamedKey(a) && !isUnnamedKey(b);
  const [left, right] = named ? [a.form, b.form] : [nameless(a.form), nameless(b.form)];
  if (sameJson(left, right)) return 'equal';
  // A foreign key holds no expression: its `onUpdate` is an action.
  if (a.kind === 'foreign-key') return 'different';
  return textlessEqual(left, right) ? 'unsure' : 'different';
}

/** A primary key is found without its name; its name counts only if it has one. */
function isUnnamedKey(part: Part): boolean {
  return part.kind === 'primary-key' && (part.form as { readonly name: string | null }).name === null;
}

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Json).flatMap(([key, member]) =>
    texts.has(key) && typeof member === 'string' ? [member] : textsIn(member),
  );
}

/** What finds the counterparts of these parts. Checks and indexes of one kin mention the same columns of their table. */
export function marksOf(parts: readonly Part[]): Marks<Part> {
  const columns = new Map<string, Set<string>>();
  for (const { kind, owner, name } of parts) {
    if (kind !== 'column' || name === null) continue;
    const known = columns.get(refKey(owner));
    if (known) known.add(name);
    else columns.set(refKey(owner), new Set([name]));
  }
  const kin = (part: Part): string | null => {
    if (part.kind !== 'check' && part.kind !== 'index') return null;
    const said = textsIn(part.form);
    if (said.length === 0) return null;
    const names = [...(columns.get(refKey(part.owner)) ?? [])].filter((name) =>
      said.some((sql) => mentions(sql, name)),
    );
    return canonicalJson([part.kind, refKey(part.owner), textless(nameless(part.form)), names.sort()]);
  };
  return { name: (part) => (part.name === null ? null : part.key), slot: (part) => part.slot, kin };
}

/** The differences between two normalised schemas. Tables that they have alike are not taken apart. */
export function compareSchemas(wanted: Schema, actual: Schema): readonly Difference[] {
  return compareTaken(...withoutAlike(wanted, actual));
}

/** The same, with every table taken apart. */
export function compareTaken(wanted: Schema, actual: Schema): readonly Difference[] {
  const [left, right] = [schemaParts(wanted), schemaParts(actual)];
  const { pairs, missing, extra } = pairUp(left, right, marksOf([...left, ...right]));
  const changed = pairs.flatMap((pair): readonly Difference[] => {
    const equality = compareParts(pair.wanted, pair.actual);
    return equality === 'equal' ? [] : [{ kind: equality === 'unsure' ? 'unsure' : 'changed', ...pair }];
  });
  return [
    ...missing.map((part): Difference => ({ kind: 'missing', wanted: part, actual: null })),
    ...changed,
    ...extra.map((part): Difference => ({ kind: 'extra', wanted: null, actual: part })),
  ];
}
