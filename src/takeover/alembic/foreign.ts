// Calls of Alembic, SQLAlchemy and the rest. In: a call. Out: what it gives; what it does is recorded.
// Must not know statements of Python.

import type { Operation } from '../../operations/operation.ts';
import { refKey } from '../../schema/schema.ts';
import { dmlOf, textSql } from './core-sql.ts';
import { runStatement } from './data.ts';
import { runDirective } from './directives.ts';
import { askInspector } from './inspector.ts';
import type { State } from './machine.ts';
import { emit, plainNamespace } from './machine.ts';
import { tableOperations } from './table-objects.ts';
import { findType } from './types.ts';
import type { Made, Value } from './value.ts';
import { constant, leafOf, none, pathOf, textOf, textOrNull, unknown, untranslated } from './value.ts';

const reading = /^\s*(?:\(|--[^\n]*\n|\s)*(select|with|show|pragma|explain|values)\b/i;
const catalogues =
  /information_schema|pg_(?:catalog|class|tables|indexes|index|type|enum|constraint|attribute|extension|roles|namespace|proc|trigger|views)|sqlite_master|sqlite_schema|pragma|to_regclass|show\s+(?:tables|columns|index)/i;

/** Directives that give something and do nothing. */
const quiet: ReadonlySet<string> = new Set([
  'get_bind',
  'get_context',
  'f',
  'inline_literal',
  'batch_alter_table',
  'invoke',
  'run_async',
]);

const isOp = (path: string): boolean => /^alembic\.op\.[a-z_]+$/.test(path);

function directive(call: Made, state: State): Value | null {
  const path = pathOf(call);
  if (call.callee.kind === 'symbol' && isOp(path)) {
    const name = leafOf(call);
    if (quiet.has(name)) return name === 'invoke' || name === 'run_async' ? untranslated(`op.${name}`) : call;
    return runDirective(name, call, { state, batch: null }) ?? untranslated(`op.${name} is not known`);
  }
  if (call.callee.kind === 'attribute' && call.callee.on.kind === 'batch') {
    const { name, on } = call.callee;
    if (name === 'f') return { ...call, callee: { kind: 'symbol', path: 'alembic.op.f' } };
    return runDirective(name, call, { state, batch: on }) ?? untranslated(`${name} of a batch is not known`);
  }
  return null;
}

/** Functions that only tell something. Any other, in a query of no table, is called for what it does: `setval`, `create_hypertable`. */
const telling =
  /^(?:count|exists|max|min|sum|coalesce|version|now|database|user|schema|current_\w+|to_reg\w+|has_\w+|pg_get_\w+|\w+_description|sqlite_version|gen_random_uuid|uuid\w*|last_insert_\w+|nullif|greatest|least|array|cast|row|values|select|in|any|all|not|and|or|as)$/i;

function acts(sql: string): boolean {
  const plain = sql.replaceAll(/'(?:[^']|'')*'|--[^\n]*/g, '');
  if (!/^\s*select\b/i.test(plain) || /\bfrom\b/i.test(plain)) return /\bsetval\s*\(/i.test(plain);
  return [...plain.matchAll(/([A-Za-z_]\w*)\s*\(/g)].some(([, name = '']) => !telling.test(name));
}

/** The rows of a query; what a query does besides is kept. */
function rowsOf(
  sql: string,
  given: {
    readonly statement: Value | undefined;
    readonly parameters: Value | undefined;
    readonly state: State;
  },
): Value {
  const guard = catalogues.test(sql);
  const isWhole = given.parameters === undefined && !/(?:^|[^:\\]):[A-Za-z_]/.test(sql);
  if (!acts(sql))
    return { kind: 'unknown', reason: 'rows of a query', guard, ...(isWhole ? { query: sql } : {}) };
  runStatement(given.state, given.statement, given.parameters);
  return unknown('rows of a query', true);
}

/** A query gives rows that nobody knows; one of the catalogue asks what is there. */
function execution(call: Made, state: State): Value | null {
  const { callee, given, named } = call;
  if (callee.kind !== 'attribute' || !/^(execute|exec_driver_sql|scalar|scalars|exec)$/.test(callee.name))
    return null;
  const statement = given[0] ?? named.get('statement') ?? named.get('sqltext');
  // `rows.scalar()` asks for what is there already.
  if (statement === undefined) return null;
  const parameters = given[1] ?? named.get('params') ?? named.get('parameters');
  const isDml = dmlOf(statement) !== null;
  const shown = isDml ? null : peek(statement, state);
  if (shown !== null && reading.test(shown) && !/\b(insert|update|delete)\b/i.test(shown)) {
    return rowsOf(shown, { statement, parameters, state });
  }
  if (shown === null && !isDml && isQuery(statement)) return unknown('rows of a query');
  if (named.size > 0 && parameters === undefined)
    return untranslated('parameters that are known only when it runs');
  runStatement(state, statement, parameters);
  return { kind: 'attribute', on: none, name: 'result' };
}

/** The text of a statement, whatever its parameters. */
function peek(value: Value | undefined, state: State): string | null {
  if (value?.kind === 'made' && value.callee.kind === 'attribute') return peek(value.callee.on, state);
  if (value?.kind === 'made' && value.given[0]?.kind === 'constant' && leafOf(value) === 'text')
    return String(value.given[0].value);
  return value?.kind === 'constant'
    ? textSql(
        value,
        new Map([...String(value.value).matchAll(/:(\w+)/g)].map(([, name = '']) => [name, none] as const)),
        state.dialect,
      )
    : null;
}

/** `select(…).where(…)`, `table.select()` */
function isQuery(value: Value | undefined): boolean {
  if (value?.kind !== 'made') return false;
  if (value.callee.kind === 'attribute') return value.callee.name === 'select' || isQuery(value.callee.on);
  return leafOf(value) === 'select' || leafOf(value) === 'exists';
}

/** `Enum(…).create(bind)`, `table.drop(bind)` */
function creation(call: Made, state: State): Value | null {
  const { callee } = call;
  if (callee.kind !== 'attribute' || !/^(create|drop)$/.test(callee.name)) return null;
  const isCreate = callee.name === 'create';
  if (callee.on.kind === 'made' && /^(Enum|ENUM)$/.test(leafOf(callee.on))) {
    emit(state, ...enumOperations(callee.on, state, isCreate));
    return none;
  }
  const operations = tableOperations(callee.on, state, isCreate ? 'create' : 'drop');
  if (!operations) return null;
  emit(state, ...operations);
  return none;
}

function enumOperations(value: Made, state: State, isCreate: boolean): readonly Operation[] {
  const name = textOrNull(value.named.get('name'), 'the name of an enum');
  if (name === null) return [];
  const namespace = plainNamespace(textOrNull(value.named.get('schema'), 'a schema'), state);
  const ref = { namespace, name };
  // Other databases keep the values at the column; there the type is nothing to make.
  if (!isCreate)
    return state.draft.enums.has(refKey(ref)) || state.dialect === 'postgres'
      ? [{ kind: 'dropEnum', enum: ref, was: null }]
      : [];
  const known = state.draft.enums.has(refKey(ref));
  const found = state.dialect === 'postgres' && !known ? findType(value, state).type : null;
  return found?.kind === 'enum' ? [{ kind: 'createEnum', enum: { ...ref, values: found.values } }] : [];
}

/** `sync_enum_values` of alembic-postgresql-enum is not translated; its name says so. */
function helper(call: Made): Value | null {
  const path = pathOf(call);
  if (path === 'textwrap.dedent' || path === 'inspect.cleandoc')
    return constant(dedent(textOf(call.given[0], 'a text')));
  if (path === 'alembic.context.is_offline_mode') return constant(false);
  if (path === 'alembic.context.get_x_argument') return unknown('an argument of the command line');
  return null;
}

function dedent(text: string): string {
  const lines = text.split('\n');
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(Math.min(least, line.length - line.trimStart().length))).join('\n');
}

/** `column_exists(…)`, `get_existing_tables()`: a function of the application that asks what is there. */
function isQuestion(call: Made): boolean {
  if (call.callee.kind !== 'symbol') return false;
  const path = pathOf(call);
  const leaf = path.split('.').at(-1) ?? '';
  const asks = /(^|_)(has|have|exists?|existing|present|missing)(_|$)/i.test(leaf);
  return (
    asks &&
    !/^(sqlalchemy|alembic)\b/.test(path) &&
    !/^(create|add|drop|make|ensure|delete|insert)_/i.test(leaf)
  );
}

/** Does what the call does, as far as it can be told, and gives what it gives. */
export function callForeign(call: Made, state: State): Value {
  const found =
    directive(call, state) ??
    helper(call) ??
    askInspector(call, state) ??
    execution(call, state) ??
    creation(call, state);
  if (found) return found;
  const { callee } = call;
  if (callee.kind === 'attribute' && /^_?copy$/.test(callee.name)) return callee.on;
  if (isQuestion(call)) return unknown('what only the database knows', true);
  if (callee.kind === 'unknown') return callee;
  if (callee.kind === 'attribute' && callee.on.kind === 'unknown') return callee.on;
  return call;
}
