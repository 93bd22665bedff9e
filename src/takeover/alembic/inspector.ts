// What an inspector would answer, from the schema that history has come to.
// In: a question of SQLAlchemy's inspector. Out: the answer, marked as asked. Must not know statements.

import type { SchemaDraft } from '../../schema/draft.ts';
import type { DialectName, Table } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import type { State } from './machine.ts';
import { plainNamespace } from './machine.ts';
import { nameByServer } from './name-parts.ts';
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

type Answer = (table: Table, dialect: DialectName) => Value;

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
  get_unique_constraints: (table, dialect) =>
    list(
      table.uniques.map((one) =>
        record({
          name: text(one.name ?? nameByServer(table, 'unique', { columns: one.columns, dialect })),
          column_names: texts(one.columns),
        }),
      ),
      'list',
      true,
    ),
  get_foreign_keys: (table, dialect) =>
    list(
      table.foreignKeys.map((one) =>
        record({
          name: text(one.name ?? nameByServer(table, 'foreignKey', { columns: one.columns, dialect })),
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
  get_pk_constraint: ({ name, primaryKey }, dialect) =>
    record({
      name: text(primaryKey?.name ?? (primaryKey && dialect === 'postgres' ? `${name}_pkey` : null)),
      constrained_columns: texts(primaryKey?.columns ?? []),
    }),
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
  return answerFor(callee.name, { call, draft: state.draft, namespace, dialect: state.dialect });
}

interface Question {
  readonly call: Made;
  readonly draft: SchemaDraft;
  readonly namespace: string | null;
  readonly dialect: DialectName;
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
  return table ? answer(table, asked.dialect) : list([], 'list', true);
}
