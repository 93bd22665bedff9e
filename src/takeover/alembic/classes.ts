// Classes of a version file: enums, models, holders of constants. In: their members. Out: what is asked of them.
// Must not know statements.

import type { ClassValue, Made, Value } from './value.ts';
import { leafOf, none } from './value.ts';

/** The members of an enum, in order. */
export const enumMembers = ({ members }: ClassValue): readonly Extract<Value, { kind: 'member' }>[] =>
  [...members.values()].flatMap((one) => (one.kind === 'member' ? [one] : []));

/** A class, as its body made it. */
export function toClass(
  name: string,
  bases: readonly Value[],
  names: ReadonlyMap<string, Value>,
): ClassValue {
  const isEnum = bases.some((one) => (one.kind === 'class' ? one.isEnum : /Enum$/.test(leafOf(one))));
  const inherited = bases.flatMap((one) => (one.kind === 'class' ? [...one.members] : []));
  const own = [...names].map(([key, value]) =>
    isEnum && value.kind !== 'function' && !key.startsWith('_')
      ? ([key, { kind: 'member', name: key, value }] as const)
      : ([key, value] as const),
  );
  return { kind: 'class', name, isEnum, members: new Map([...inherited, ...own]) };
}

const isColumn = (value: Value | undefined): value is Made =>
  value?.kind === 'made' && /^(Column|mapped_column)$/.test(leafOf(value));

/** The column of a model, with its name in it. */
function named(key: string, column: Made): Made {
  const [first] = column.given;
  const hasName = first?.kind === 'constant' && typeof first.value === 'string';
  const callee = { kind: 'symbol', path: 'sqlalchemy.Column' } as const;
  return hasName
    ? { ...column, callee }
    : { ...column, callee, given: [{ kind: 'constant', value: key }, ...column.given] };
}

function schemaOf({ members }: ClassValue): ReadonlyMap<string, Value> {
  const given = members.get('__table_args__');
  const last = given?.kind === 'sequence' ? given.items.at(-1) : given;
  const entries = last?.kind === 'dict' ? last.entries : [];
  return new Map(
    entries.flatMap(([key, one]) => (key.kind === 'constant' ? [[String(key.value), one] as const] : [])),
  );
}

/** The table of a model; `null`: the class is none. */
export function tableOfModel(model: ClassValue): Made | null {
  const name = model.members.get('__tablename__');
  const own = model.members.get('__table__');
  if (own?.kind === 'made') return own;
  if (name?.kind !== 'constant') return null;
  const args = model.members.get('__table_args__');
  const parts = args?.kind === 'sequence' ? args.items.filter(({ kind }) => kind === 'made') : [];
  const columns = [...model.members].flatMap(([key, one]) => (isColumn(one) ? [named(key, one)] : []));
  const metadata = {
    kind: 'made',
    callee: { kind: 'symbol', path: 'sqlalchemy.MetaData' },
    given: [],
    named: new Map(),
  } as const;
  return {
    kind: 'made',
    callee: { kind: 'symbol', path: 'sqlalchemy.Table' },
    given: [name, metadata, ...columns, ...parts],
    named: schemaOf(model),
  };
}

/** `Person.n`, `Color.red`, `Person.__table__`; `null`: it has none of that name. */
export function attributeOfClass(on: ClassValue, name: string): Value | null {
  if (name === '__table__') return tableOfModel(on);
  if (name === '__name__') return { kind: 'constant', value: on.name };
  const found = on.members.get(name);
  if (!isColumn(found)) return found ?? null;
  const [first] = named(name, found).given;
  const column = first?.kind === 'constant' ? String(first.value) : name;
  return { kind: 'attribute', on: { kind: 'attribute', on, name: 'c' }, name: column };
}

/** What an enum of the language means for a type: the names of its members, or their values where these are asked for. */
export function enumTexts(on: ClassValue, takesValues: boolean): readonly Value[] {
  return enumMembers(on).map(({ name, value }) =>
    takesValues ? value : ({ kind: 'constant', value: name } as const),
  );
}

/** `Color.red.value`, `Color.red.name` */
export function attributeOfMember(on: Extract<Value, { kind: 'member' }>, name: string): Value {
  if (name === 'value') return on.value;
  return name === 'name' ? { kind: 'constant', value: on.name } : none;
}
