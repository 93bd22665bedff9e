// `op.…` and `batch_op.…` → operations. In: a call. Out: operations, recorded. Must not know statements of Python.

import type { Operation } from '../../operations/operation.ts';
import type { TableRef } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import { alterColumn } from './alter-column.ts';
import { show } from './builtins.ts';
import { findColumn, referenceOf, uniqueOf } from './columns.ts';
import { conditionSql } from './core-sql.ts';
import { insertRows, runStatement } from './data.ts';
import type { Directive } from './directive.ts';
import { behind, quoted, quotedRef, schemaOf, statement, tableOf } from './directive.ts';
import { dropConstraint } from './drop-constraint.ts';
import { indexOf, namedIndex } from './indexes.ts';
import type { State } from './machine.ts';
import { emit, plainNamespace } from './machine.ts';
import type { NamedPart } from './name-parts.ts';
import { constraintName, findByGivenName, shortName } from './name-parts.ts';
import { entityStatements, syncEnum } from './plugins.ts';
import { findNewTable, ownParts } from './tables.ts';
import type { Made, Value } from './value.ts';
import { flagOf, none, textOf, textOrNull, textsOf, untranslated } from './value.ts';

type Run = (directive: Directive) => Value | null;

const say =
  (make: (directive: Directive) => readonly Operation[]): Run =>
  (directive) => {
    emit(directive.state, ...make(directive));
    return null;
  };

function createTable(directive: Directive): Value {
  const { state, call } = directive;
  const table = {
    namespace: schemaOf(directive),
    name: textOf(directive.argument(0, 'table_name'), 'the name of a table'),
  };
  if (call.named.has('**')) untranslated('arguments of a table that are not constant');
  const found = findNewTable(call.given.slice(1), call.named, { ...state, table });
  const missing = found.enums.filter(
    (one, at) =>
      !state.draft.enums.has(refKey(one)) &&
      found.enums.findIndex((other) => refKey(other) === refKey(one)) === at,
  );
  emit(state, ...missing.map((one): Operation => ({ kind: 'createEnum', enum: one })), {
    kind: 'createTable',
    table: found.table,
  });
  // `op.create_table` gives a table for `op.bulk_insert`.
  const callee = { kind: 'symbol', path: 'sqlalchemy.Table' } as const;
  return { kind: 'made', callee, given: [{ kind: 'constant', value: table.name }], named: call.named };
}

function addColumn(directive: Directive): readonly Operation[] {
  const { state } = directive;
  const table = tableOf(directive, 0);
  const found = findColumn(directive.argument(behind(directive, 1), 'column'), { ...state, table });
  const own = ownParts(found, { ...state, table });
  return [
    { kind: 'addColumn', table, column: found.column },
    ...(found.isKey
      ? [
          {
            kind: 'addPrimaryKey',
            table,
            primaryKey: {
              name: constraintName(undefined, 'pk', {
                ...state,
                part: { table: table.name, columns: [found.column.name] },
              }),
              columns: [found.column.name],
            },
            nullable: [],
          } as const,
        ]
      : []),
    ...own.uniques.map((unique) => ({ kind: 'addUnique', table, unique }) as const),
    ...found.checks.map((check) => ({ kind: 'addCheck', table, check }) as const),
    ...found.foreignKeys.map((foreignKey) => ({ kind: 'addForeignKey', table, foreignKey }) as const),
    ...own.indexes.map((index) => ({ kind: 'createIndex', table, index, concurrently: false }) as const),
  ];
}

const noDependants = { uniques: [], foreignKeys: [], checks: [], indexes: [] } as const;

function createIndex(directive: Directive): readonly Operation[] {
  const { state, call } = directive;
  const table = tableOf(directive, 1);
  const columns = directive.argument(behind(directive, 2), 'columns');
  if (columns?.kind !== 'sequence') return untranslated('the columns of an index are not constant');
  const given = textOrNull(directive.argument(0, 'index_name'), 'the name of an index');
  const plain = indexOf({ name: given, parts: columns.items, named: call.named }, state);
  const index = namedIndex(plain, { ...state, table });
  const concurrently = flagOf(call.named.get('postgresql_concurrently'), 'concurrently') ?? false;
  return [
    {
      kind: 'createIndex',
      table,
      index,
      concurrently: concurrently && state.dialect === 'postgres',
    },
    ...storageOf({ namespace: table.namespace, name: index.name ?? '' }, call.named, state),
  ];
}

/** Where PostgreSQL keeps an index, and how full: said behind the index. */
function storageOf(index: TableRef, named: ReadonlyMap<string, Value>, state: State): readonly Operation[] {
  if (state.dialect !== 'postgres') return [];
  const given = named.get('postgresql_with');
  const space = textOrNull(named.get('postgresql_tablespace'), 'a tablespace');
  const settings = (given?.kind === 'dict' ? given.entries : []).map(
    ([key, value]) => `${textOf(key, 'a setting')} = ${show(value) ?? untranslated('a setting of an index')}`,
  );
  const alter = `ALTER INDEX ${quotedRef(index)}`;
  return [
    ...(settings.length > 0 ? [statement(`${alter} SET (${settings.join(', ')})`, { effect: [] })] : []),
    ...(space === null ? [] : [statement(`${alter} SET TABLESPACE ${quoted(space)}`, { effect: [] })]),
  ];
}

/** The table that has an index of that name. */
function tableOfIndex({ state }: Directive, name: string): TableRef | null {
  for (const table of state.draft.tables.values()) {
    if (table.indexes.some((one) => one.name === name))
      return { namespace: table.namespace, name: table.name };
  }
  return null;
}

function dropIndex(directive: Directive): readonly Operation[] {
  const { call, state, batch } = directive;
  const name = shortName(textOf(directive.argument(0, 'index_name'), 'the name of an index'), state.dialect);
  const isGiven = batch !== null || textOrNull(directive.argument(1, 'table_name'), 'a table') !== null;
  const table = isGiven ? tableOf(directive, 1) : tableOfIndex(directive, name);
  // What raw SQL made: elsewhere the name alone is enough.
  if (table === null && state.dialect === 'mysql') untranslated(`the table of the index ${name} is not said`);
  if (table === null) return [statement(`DROP INDEX ${quotedRef({ namespace: schemaOf(directive), name })}`)];
  const concurrently =
    (flagOf(call.named.get('postgresql_concurrently'), 'concurrently') ?? false) &&
    state.dialect === 'postgres';
  // MySQL's unique keys are indexes.
  const known = state.draft.tables.get(refKey(table));
  const isIndex = known?.indexes.some((one) => one.name === name) ?? false;
  const key = isIndex || state.dialect !== 'mysql' ? null : findByGivenName(known, name, []);
  if (key?.kind === 'unique' && !('sql' in key.target))
    return [{ kind: 'dropUnique', table, target: key.target, was: null }];
  return [{ kind: 'dropIndex', table, target: { name }, was: null, concurrently }];
}

/** The name of the constraint that a directive makes. */
function nameOf(directive: Directive, kind: 'pk' | 'uq' | 'fk' | 'ck', part: NamedPart): string | null {
  const value = directive.argument(0, 'constraint_name') ?? directive.call.named.get('name');
  return constraintName(value, kind, { ...directive.state, part });
}

function createForeignKey(directive: Directive): readonly Operation[] {
  const { call, batch } = directive;
  const { named } = call;
  const at = batch ? 0 : 1;
  const given = textOrNull(named.get('source_schema'), 'a schema');
  const namespace = given === null ? schemaOf(directive) : plainNamespace(given, directive.state);
  const table = batch
    ? tableOf(directive, 1)
    : {
        namespace,
        name: textOf(directive.argument(1, 'source_table') ?? named.get('source'), 'the name of a table'),
      };
  const target = textOf(
    directive.argument(at + 1, 'referent_table') ?? named.get('referent'),
    'the name of a table',
  );
  const columns = textsOf(directive.argument(at + 2, 'local_cols'), 'the columns of a foreign key');
  const references = {
    table: { namespace: textOrNull(named.get('referent_schema'), 'a schema'), name: target },
    columns: textsOf(directive.argument(at + 3, 'remote_cols'), 'the columns that a foreign key refers to'),
  };
  const name = nameOf(directive, 'fk', {
    table: table.name,
    columns,
    target,
    targetColumns: references.columns,
  });
  return [{ kind: 'addForeignKey', table, foreignKey: { name, columns, references, ...referenceOf(named) } }];
}

function createUnique(directive: Directive): readonly Operation[] {
  const table = tableOf(directive, 1);
  const columns = textsOf(
    directive.argument(behind(directive, 2), 'columns'),
    'the columns of a unique constraint',
  );
  const name = nameOf(directive, 'uq', { table: table.name, columns });
  return [{ kind: 'addUnique', table, unique: uniqueOf(columns, name, directive.call.named) }];
}

function createPrimaryKey(directive: Directive): readonly Operation[] {
  const table = tableOf(directive, 1);
  const columns = textsOf(
    directive.argument(behind(directive, 2), 'columns'),
    'the columns of a primary key',
  );
  const name = nameOf(directive, 'pk', { table: table.name, columns });
  const known = directive.state.draft.tables.get(refKey(table));
  const nullable = columns.filter((column) =>
    known?.columns.some((one) => one.name === column && one.nullable),
  );
  return [{ kind: 'addPrimaryKey', table, primaryKey: { name, columns }, nullable }];
}

function createCheck(directive: Directive): readonly Operation[] {
  const { state, call } = directive;
  const table = tableOf(directive, 1);
  const sql = conditionSql(directive.argument(behind(directive, 2), 'condition'), state.dialect);
  const name = nameOf(directive, 'ck', { table: table.name, columns: [] });
  const valid = !(flagOf(call.named.get('postgresql_not_valid'), 'not valid') ?? false);
  return [{ kind: 'addCheck', table, check: { name, sql, valid } }];
}

/** `create_exclude_constraint`: PostgreSQL's own. */
function createExclude(directive: Directive): readonly Operation[] {
  const { state, call } = directive;
  if (state.dialect !== 'postgres') return [];
  const table = tableOf(directive, 1);
  const name = textOf(directive.argument(0, 'constraint_name'), 'the name of a constraint');
  const elements = call.given.slice(behind(directive, 2)).map((one) => {
    if (one.kind !== 'sequence') return untranslated('an exclusion that is not constant');
    const [what, operator] = one.items;
    const sql =
      what?.kind === 'constant' ? quoted(textOf(what, 'a column')) : conditionSql(what, state.dialect);
    return `${sql} WITH ${textOf(operator, 'an operator')}`;
  });
  const where = call.named.get('where');
  const using = textOrNull(call.named.get('using'), 'a method') ?? 'gist';
  const tail = where === undefined ? '' : ` WHERE (${conditionSql(where, state.dialect)})`;
  const sql = `ALTER TABLE ${quotedRef(table)} ADD CONSTRAINT ${quoted(name)} EXCLUDE USING ${using} (${elements.join(', ')})${tail}`;
  return [statement(sql)];
}

const directives: Readonly<Record<string, Run>> = {
  create_table: createTable,
  drop_table: say((one) => [{ kind: 'dropTable', table: tableOf(one, 0), was: null, triggers: [] }]),
  rename_table: say((one) => {
    const namespace = schemaOf(one);
    const name = (at: number, key: string) => ({
      namespace,
      name: textOf(one.argument(at, key), 'the name of a table'),
    });
    return [{ kind: 'renameTable', from: name(0, 'old_table_name'), to: name(1, 'new_table_name') }];
  }),
  create_table_comment: say((one) => [
    {
      kind: 'setTableComment',
      table: tableOf(one, 0),
      from: null,
      to: textOf(one.argument(behind(one, 1), 'comment'), 'a comment'),
    },
  ]),
  drop_table_comment: say((one) => [
    { kind: 'setTableComment', table: tableOf(one, 0), from: null, to: null },
  ]),
  add_column: say(addColumn),
  drop_column: say((one) => [
    {
      kind: 'dropColumn',
      table: tableOf(one, 0),
      column: textOf(one.argument(behind(one, 1), 'column_name'), 'a column'),
      was: null,
      lost: noDependants,
    },
  ]),
  alter_column: say((one) => {
    const table = tableOf(one, 0);
    return alterColumn({
      state: one.state,
      table,
      named: one.call.named,
      column: textOf(one.argument(behind(one, 1), 'column_name'), 'a column'),
    });
  }),
  create_index: say(createIndex),
  drop_index: say(dropIndex),
  create_foreign_key: say(createForeignKey),
  create_unique_constraint: say(createUnique),
  create_primary_key: say(createPrimaryKey),
  create_check_constraint: say(createCheck),
  create_exclude_constraint: say(createExclude),
  drop_constraint: say(dropConstraint),
  bulk_insert: ({ state, argument }) => {
    insertRows(state, argument(0, 'table'), argument(1, 'rows'));
    return null;
  },
  execute: ({ state, call, argument }) => {
    runStatement(state, argument(0, 'sqltext'), call.given[1]);
    return null;
  },
};

/** Those of GeoAlchemy2 and the rest of the plugins, as what they are. */
const plugins: Readonly<Record<string, Run>> = {
  create_geospatial_table: createTable,
  drop_geospatial_table: say((one) => [
    { kind: 'dropTable', table: tableOf(one, 0), was: null, triggers: [] },
  ]),
  create_geospatial_index: say(createIndex),
  drop_geospatial_index: say(dropIndex),
  add_geospatial_column: say(addColumn),
  sync_enum_values: say(syncEnum),
  create_entity: say((one) => entityStatements(one, 'create')),
  replace_entity: say((one) => entityStatements(one, 'replace')),
  drop_entity: say((one) => entityStatements(one, 'drop')),
};

/** What a batch offers. */
const batchNames: ReadonlySet<string> = new Set(
  Object.keys(directives).filter(
    (name) => !['create_table', 'drop_table', 'rename_table', 'bulk_insert'].includes(name),
  ),
);

/** Runs a directive; `null`: there is none of that name. */
export function runDirective(
  name: string,
  call: Made,
  context: { readonly state: State; readonly batch: Directive['batch'] },
): Value | null {
  const known = Object.hasOwn(plugins, name) ? plugins : directives;
  const run = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!run || (context.batch && known === directives && !batchNames.has(name))) return null;
  if (call.named.has('**') || call.given.some((one) => one.kind === 'unknown'))
    untranslated('an argument is known only when it runs');
  const argument = (at: number, key: string) => call.named.get(key) ?? call.given[at];
  return run({ ...context, call, argument }) ?? none;
}
