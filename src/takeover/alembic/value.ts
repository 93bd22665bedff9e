// What an expression of a version file is worth, as far as its text tells.
// In: nothing. Out: Value. Must not know what Alembic or SQLAlchemy mean by a name.

import type { Expression, FunctionDefinition, Parameter, SequenceType } from '../python/tree.ts';

/** Names and their values; what is not found here may stand further out. */
export interface Scope {
  readonly names: Map<string, Value>;
  readonly outer: Scope | null;
}

/** True: it was asked of the database, so it tells what is there and not what is wanted. */
interface Asked {
  readonly guard?: boolean;
}

export interface Made {
  readonly kind: 'made';
  readonly callee: Value;
  readonly given: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly name: string;
  readonly isEnum: boolean;
  readonly members: ReadonlyMap<string, Value>;
}

export type Value =
  | ({ readonly kind: 'constant'; readonly value: string | number | boolean | null } & Asked)
  | ({ readonly kind: 'sequence'; readonly type: SequenceType; readonly items: Value[] } & Asked)
  | ({ readonly kind: 'dict'; readonly entries: (readonly [Value, Value])[] } & Asked)
  /** Something of another module, by its dotted name. */
  | { readonly kind: 'symbol'; readonly path: string }
  /** What a call of something foreign gave. */
  | Made
  | { readonly kind: 'attribute'; readonly on: Value; readonly name: string }
  | { readonly kind: 'item'; readonly on: Value; readonly index: Value }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Value; readonly right: Value }
  | { readonly kind: 'unary'; readonly operator: string; readonly value: Value }
  | { readonly kind: 'function'; readonly definition: FunctionDefinition; readonly scope: Scope }
  | {
      readonly kind: 'lambda';
      readonly parameters: readonly Parameter[];
      readonly body: Expression;
      readonly scope: Scope;
    }
  /** A class of the file: a kind of enum, a model, a holder of constants. */
  | ClassValue
  /** `Color.red` */
  | { readonly kind: 'member'; readonly name: string; readonly value: Value }
  /** `with op.batch_alter_table(…) as batch` */
  | {
      readonly kind: 'batch';
      readonly table: string;
      readonly schema: string | null;
      readonly naming: ReadonlyMap<string, string>;
    }
  /** Only running the file can tell. `query`: they are the rows of this SQL. */
  | ({ readonly kind: 'unknown'; readonly reason: string; readonly query?: string } & Asked);

export type ValueKind = Value['kind'];

export const constant = (value: string | number | boolean | null, guard = false): Value =>
  guard ? { kind: 'constant', value, guard } : { kind: 'constant', value };
export const none: Value = constant(null);
export const unknown = (reason: string, guard = false): Value => ({ kind: 'unknown', reason, guard });
export const list = (items: readonly Value[], type: SequenceType = 'list', guard = false): Value => ({
  kind: 'sequence',
  type,
  items: [...items],
  guard,
});

/** True where the value, or a part of it, was asked of the database. */
export function isAsked(value: Value): boolean {
  if ('guard' in value && value.guard) return true;
  if (value.kind === 'attribute' || value.kind === 'item') return isAsked(value.on);
  if (value.kind === 'made') return isAsked(value.callee);
  if (value.kind === 'binary') return isAsked(value.left) || isAsked(value.right);
  return value.kind === 'unary' && isAsked(value.value);
}

/** What Python takes the value for in a condition; `null`: that cannot be told. */
export function truthOf(value: Value): boolean | null {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'sequence':
      return value.items.length > 0;
    case 'dict':
      return value.entries.length > 0;
    case 'function':
    case 'lambda':
    case 'batch':
    case 'class':
    case 'member':
      return true;
    case 'symbol':
      // What another module of the application says is not known here.
      return /^(sqlalchemy|alembic)\b/.test(value.path) ? true : null;
    default:
      return null;
  }
}

/** The same value by its text, for `==` and `in`; `null`: it is not known. */
export function keyOf(value: Value): string | null {
  if (value.kind === 'constant') return JSON.stringify(value.value);
  if (value.kind === 'member') return keyOf(value.value);
  if (value.kind !== 'sequence') return null;
  const keys = value.items.map(keyOf);
  return keys.every((key) => key !== null) ? `[${value.type === 'set' ? keys.sort() : keys}]` : null;
}

export function lookUp(scope: Scope, name: string): Value | undefined {
  for (let at: Scope | null = scope; at; at = at.outer) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** The dotted name behind a value; ''. */
export function pathOf(value: Value): string {
  if (value.kind === 'symbol') return value.path;
  return value.kind === 'made' ? pathOf(value.callee) : '';
}

/** The last part of a dotted name. */
export const leafOf = (value: Value): string => pathOf(value).split('.').at(-1) ?? '';

/** Code that this translation does not cover; caught at the statement that it stands in. */
export class Untranslated extends Error {}

export function untranslated(reason: string): never {
  throw new Untranslated(reason);
}

/** The text of a value; refuses where it is none. */
export function textOf(value: Value | undefined, what: string): string {
  if (value?.kind === 'constant' && typeof value.value === 'string') return value.value;
  // `Kind.A` of a class that is a text, too.
  if (value?.kind === 'member') return textOf(value.value, what);
  // `op.f('…')` and `quoted_name('…', True)` are their text.
  if (value?.kind === 'made' && /\.(f|quoted_name|conv|_)$/.test(pathOf(value)))
    return textOf(value.given[0], what);
  return untranslated(`${what} is not a constant`);
}

export function textOrNull(value: Value | undefined, what: string): string | null {
  return value === undefined || (value.kind === 'constant' && value.value === null)
    ? null
    : textOf(value, what);
}

export function textsOf(value: Value | undefined, what: string): readonly string[] {
  if (value?.kind === 'sequence') return value.items.map((item) => textOf(item, what));
  return untranslated(`${what} is not a constant list`);
}

/** True, false, or absent; refuses what is none of them. */
export function flagOf(value: Value | undefined, what: string): boolean | null {
  if (value === undefined || (value.kind === 'constant' && value.value === null)) return null;
  const truth = value.kind === 'constant' ? truthOf(value) : null;
  return truth ?? untranslated(`${what} is not a constant`);
}

export function numberOf(value: Value | undefined): number | null {
  return value?.kind === 'constant' && typeof value.value === 'number' ? value.value : null;
}
