// Raw SQL of PostgreSQL, read by its words: what rules have to say something about.
// In: one statement. Out: acts; none where the words say nothing to a rule. Must not know rules or a server.

import type { SqlSyntax } from '../../../../kernel/sql-text.ts';
import { displayRef } from '../../../../schema/schema.ts';
import type { Act } from './act.ts';
import type { Cursor } from './cursor.ts';
import { openCursor, wordOf } from './cursor.ts';
import { readAlterTable } from './read-alter-table.ts';
import { readColumn } from './read-column.ts';

function createIndex(statement: Cursor): readonly Act[] {
  const concurrently = statement.take('concurrently');
  statement.take('if not exists');
  if (!statement.sees('on')) statement.ref();
  if (!statement.take('on')) return [];
  const only = statement.take('only');
  const table = statement.ref();
  const method = statement.take('using') ? statement.name() : null;
  return table === null ? [] : [{ kind: 'create-index', table, concurrently, method, only }];
}

function createTable(statement: Cursor, isUnlogged: boolean): readonly Act[] {
  statement.take('if not exists');
  const table = statement.ref();
  if (table === null) return [];
  const unlogged: readonly Act[] = isUnlogged ? [{ kind: 'unlogged', table }] : [];
  if (statement.take('partition of')) {
    const parent = statement.ref();
    return parent === null ? [] : [{ kind: 'create-partition', table, parent }, ...unlogged];
  }
  const constraints = ['constraint', 'primary key', 'unique', 'check', 'foreign key', 'exclude', 'like'];
  const columns = (statement.list() ?? [])
    .filter((one) => !constraints.some((words) => one.sees(words)))
    .flatMap((one) => readColumn(one) ?? []);
  return [{ kind: 'create-table', table, columns }, ...unlogged];
}

function create(statement: Cursor): readonly Act[] {
  statement.take('or replace');
  if (statement.take('index') || statement.take('unique index')) return createIndex(statement);
  const isUnlogged = statement.take('unlogged');
  if (statement.take('table')) return createTable(statement, isUnlogged);
  if (statement.take('domain')) {
    const domain = statement.ref();
    const isChecked = statement.mentions('check');
    return domain && isChecked
      ? [{ kind: 'domain-check', domain: displayRef(domain), isNew: true, valid: true }]
      : [];
  }
  if (statement.take('function') || statement.take('procedure')) {
    const name = statement.ref();
    return name ? [{ kind: 'create-routine', name: displayRef(name) }] : [];
  }
  return statement.sees('policy') ? [{ kind: 'authorize', what: 'CREATE POLICY' }] : [];
}

function dropIndex(statement: Cursor): readonly Act[] {
  const concurrently = statement.take('concurrently');
  statement.take('if exists');
  return statement.split().flatMap((one): readonly Act[] => {
    const name = one.ref();
    return name ? [{ kind: 'drop-index', table: null, name: displayRef(name), concurrently }] : [];
  });
}

function alterDomain(statement: Cursor): readonly Act[] {
  const domain = statement.ref();
  if (domain === null || !statement.take('add')) return [];
  const valid = !statement.mentions('not valid');
  return [{ kind: 'domain-check', domain: displayRef(domain), isNew: false, valid }];
}

function alterType(statement: Cursor): readonly Act[] {
  const type = statement.ref();
  if (type === null || !statement.take('add value')) return [];
  statement.take('if not exists');
  const value = statement.rest()[0]?.text ?? '';
  const isPlaced = statement.mentions('before') || statement.mentions('after');
  return [
    {
      kind: 'add-enum-value',
      enum: displayRef(type),
      value: value.slice(1, -1).replaceAll("''", "'"),
      isPlaced,
    },
  ];
}

function alter(statement: Cursor): readonly Act[] {
  if (statement.take('table')) return readAlterTable(statement);
  if (statement.take('domain')) return alterDomain(statement);
  if (statement.take('type')) {
    const acts = alterType(statement);
    if (acts.length > 0) return acts;
  }
  if (statement.take('extension')) {
    const extension = statement.name() ?? '';
    return statement.sees('update') ? [{ kind: 'upgrade-extension', extension }] : [];
  }
  if (statement.sees('policy')) return [{ kind: 'authorize', what: 'ALTER POLICY' }];
  if (statement.sees('default privileges')) return [{ kind: 'authorize', what: 'ALTER DEFAULT PRIVILEGES' }];
  return statement.mentions('owner to') ? [{ kind: 'authorize', what: 'OWNER TO' }] : [];
}

function reindex(statement: Cursor): readonly Act[] {
  const options = statement.list() ?? [];
  const isSaid = options.some((one) => one.sees('concurrently'));
  const what = statement.name() ?? '';
  const concurrently = statement.take('concurrently') || isSaid;
  const object = statement.ref();
  return [{ kind: 'reindex', what: `${what} ${object ? displayRef(object) : ''}`.trim(), concurrently }];
}

function vacuum(statement: Cursor): readonly Act[] {
  const options = statement.list() ?? [];
  const isFull = options.some((one) => one.sees('full')) || statement.take('full');
  if (!isFull) return [];
  for (const word of ['freeze', 'verbose', 'analyze']) statement.take(word);
  return [{ kind: 'rewrite', table: statement.ref(), what: 'VACUUM FULL' }];
}

/** What a statement does, as far as rules have something to say about it. */
export function readSql(sql: string, syntax: SqlSyntax): readonly Act[] {
  const statement = openCursor(sql, syntax);
  const verb = wordOf(statement.rest()[0]);
  statement.take(verb);
  switch (verb) {
    case 'create':
      return create(statement);
    case 'alter':
      return alter(statement);
    case 'drop':
      if (statement.take('index')) return dropIndex(statement);
      return statement.sees('policy') ? [{ kind: 'authorize', what: 'DROP POLICY' }] : [];
    case 'reindex':
      return reindex(statement);
    case 'vacuum':
      return vacuum(statement);
    case 'cluster':
      statement.take('verbose');
      return [{ kind: 'rewrite', table: statement.ref(), what: 'CLUSTER' }];
    case 'grant':
    case 'revoke':
      return [{ kind: 'authorize', what: verb.toUpperCase() }];
    default:
      return [];
  }
}
