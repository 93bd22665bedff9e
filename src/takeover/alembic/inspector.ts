// What an inspector would answer, from the schema that history has come to.
// In: a question of SQLAlchemy's inspector. Out: the answer, marked as asked. Must not know statements.

import type { SchemaDraft } from '../../schema/draft.ts';
import type { Table } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import type { State } from './machine.ts';
import { plainNamespace } from './machine.ts';
import type { Made, Value } from './value.ts';
import { constant, leafOf, list, pathOf, unknown } from './value.ts';

/** True for `sa.inspect(bind)`, `Inspector.from_engine(bind)` and names for them. */
export function isInspector(value: Value): boolean {
  if (value.kind !== 'made') return false;
  if (/(^|\.)sqlalchemy(\..*)?\.inspect$/.test(pathOf(value))) return true;
  return (
    leafOf(value) === 'from_engine' ||
    (value.callee.kind === 'attribute' && value.callee.name === 'from_engine')
  );
}

/** `bind.dialect.has_table(bind, 't')`, `bind.engine.has_table('t')` */
const asksForTable = (call: Made): boolean =>
  call.callee.kind === 'attribute' && call.callee.name === 'has_table' && call.callee.on.kind === 'attribute';

const record = (members: Readonly<Record<string, Value>>): Value => ({
  kind: 'dict',
  entries: Object.entries(members).map(([key, value]) => [constant(key), value] as const),
  guard: true,
});
const texts = (values: readonly string[]): Value =>
  list(
    values.map((one) => constant(one, true)),
    'list',
    true,
  );
const text = (value: string | null): Value => constant(value, true);

type Answer = (table: Table) => Value;

const answers: Readonly<Record<string, Answer>> = {
  get_columns: ({ columns }) =>
    list(
      columns.map((one) =>
        record({
          name: text(one.name),
          nullable: constant(one.nullable, true),
          type: unknown('a type in the database', true),
          default: unknown('a default in the database', true),
        }),
      ),
      'list',
      true,
    ),
  get_indexes: ({ indexes }) =>
    list(
      indexes.map((one) =>
        record({
          name: text(one.name),
          unique: constant(one.unique, true),
          column_names: texts(one.parts.flatMap(({ column }) => column ?? [])),
        }),
      ),
      'list',
      true,
    ),
  get_unique_constraints: ({ uniques }) =>
    list(
      uniques.map((one) => record({ name: text(one.name), column_names: texts(one.columns) })),
      'list',
      true,
    ),
  get_foreign_keys: ({ foreignKeys }) =>
    list(
      foreignKeys.map((one) =>
        record({
          name: text(one.name),
          constrained_columns: texts(one.columns),
          referred_table: text(one.references.table.name),
          referred_columns: texts(one.references.columns),
        }),
      ),
      'list',
      true,
    ),
  get_check_constraints: ({ checks }) =>
    list(
      checks.map((one) => record({ name: text(one.name), sqltext: text(one.sql) })),
      'list',
      true,
    ),
  get_pk_constraint: ({ primaryKey }) =>
    record({ name: text(primaryKey?.name ?? null), constrained_columns: texts(primaryKey?.columns ?? []) }),
};

/** The answer to a question of the inspector; `null`: it is no such question. */
export function askInspector(call: Made, state: Pick<State, 'draft' | 'dialect'>): Value | null {
  const { callee, given, named } = call;
  if (callee.kind !== 'attribute') return null;
  const direct = asksForTable(call);
  if (!direct && !isInspector(callee.on)) return null;
  const schema = named.get('schema') ?? given[direct ? 2 : 1];
  const said = schema?.kind === 'constant' && typeof schema.value === 'string' ? schema.value : null;
  const namespace = plainNamespace(said, state);
  return answerFor(callee.name, { call, draft: state.draft, namespace });
}

interface Question {
  readonly call: Made;
  readonly draft: SchemaDraft;
  readonly namespace: string | null;
}

/** Names of what is there; `null`: the question is another one. */
function namesAsked(question: string, { draft, namespace }: Question): Value | null {
  const inside = [...draft.tables.values()].filter((one) => one.namespace === namespace);
  switch (question) {
    case 'get_table_names':
      return texts(inside.map(({ name }) => name));
    case 'get_view_names':
      return texts([...draft.views.values()].map(({ name }) => name));
    case 'get_schema_names':
      return texts([...draft.namespaces]);
    case 'get_enums': {
      const names = [...draft.enums.values()].map(({ name }) => record({ name: text(name) }));
      return list(names, 'list', true);
    }
    default:
      return null;
  }
}

function answerFor(question: string, asked: Question): Value {
  const names = namesAsked(question, asked);
  if (names) return names;
  const { call, draft, namespace } = asked;
  const { given, named } = call;
  const name = given.find((one) => one.kind === 'constant') ?? named.get('table_name');
  if (name?.kind !== 'constant' || typeof name.value !== 'string')
    return unknown('a question about any table', true);
  const table = draft.tables.get(refKey({ namespace, name: name.value }));
  if (question === 'has_table') return constant(table !== undefined, true);
  const answer = Object.hasOwn(answers, question) ? answers[question] : undefined;
  if (!answer) return unknown('a question about the database', true);
  return table ? answer(table) : list([], 'list', true);
}
