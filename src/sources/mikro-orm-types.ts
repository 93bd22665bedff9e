// What is used of MikroORM, as its version 7 has it, and how its objects are told without loading it.
// In: what a file exports. Out: options and entities. Must not know a database.

import type { ModuleExports } from '../kernel/load-module.ts';

/** What `defineConfig` gives. */
export type MikroOptions = Readonly<Record<string, unknown>>;

interface Platform {
  readonly constructor: { readonly name: string };
}

/** A `MikroORM`. */
export interface Orm {
  readonly em: object;
  readonly config: { getAll(): MikroOptions; getPlatform(): Platform };
  readonly schema: { getCreateSchemaSQL(options: { readonly wrap: boolean }): Promise<string> };
  getMetadata(): { decorate(em: object): void };
}

/** What a driver's package exports. */
export type MikroLibrary = ModuleExports & {
  readonly MikroORM: { init(options: MikroOptions): Promise<Orm> };
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The names of an object's class and of those that it extends. */
export function lineage(prototype: unknown): readonly string[] {
  const names: string[] = [];
  for (let one = prototype; isObject(one); one = Object.getPrototypeOf(one))
    names.push((one.constructor as { readonly name: string }).name);
  return names;
}

const isDriver = (value: unknown): boolean =>
  typeof value === 'function' && lineage(value.prototype).includes('DatabaseDriver');

/** Several copies of the library may be there: its objects are told by what they are called. */
export const isOrm = (value: unknown): value is Orm =>
  isObject(value) && lineage(value).includes('MikroORM') && 'config' in value && 'em' in value;

const isOptions = (value: unknown): value is MikroOptions =>
  isObject(value) && isDriver(Reflect.get(value, 'driver')) && ('entities' in value || 'entitiesTs' in value);

/** The options that a file exports, each once, whether alone or of an instance. */
export const optionsIn = (exports: ModuleExports): readonly MikroOptions[] => [
  ...new Set(
    Object.values(exports).flatMap((one) =>
      isOrm(one) ? [one.config.getAll()] : isOptions(one) ? [one] : [],
    ),
  ),
];

/** The instances that a file exports. */
export const ormsIn = (exports: ModuleExports): readonly Orm[] => Object.values(exports).filter(isOrm);

const isEntitySchema = (value: unknown): value is { readonly meta: unknown } =>
  isObject(value) && lineage(value).includes('EntitySchema') && 'meta' in value;

/** Where MikroORM notes which class belongs to which `EntitySchema`, for all of its copies. */
const registry = Symbol.for('@mikro-orm/core/EntitySchema.REGISTRY');
const decorated = Symbol.for('@mikro-orm/core/MetadataStorage.META_SYMBOL');

/** The entity that a value stands for: itself, or the schema that names it as its class. */
function entityOf(value: unknown): unknown {
  if (isEntitySchema(value)) return value;
  if (typeof value !== 'function') return null;
  const schemas = Reflect.get(globalThis, registry) as ReadonlyMap<unknown, unknown> | undefined;
  return schemas?.get(value) ?? (Object.hasOwn(value, decorated) ? value : null);
}

/** The entities among values, and in lists of them. */
export function entitiesIn(values: readonly unknown[]): readonly unknown[] {
  const all = values.flatMap((value) => (Array.isArray(value) ? value : [value]));
  return [...new Set(all.map(entityOf).filter((entity) => entity !== null))];
}
