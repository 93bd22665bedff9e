import { displayTarget, findCheck, findTarget, indexColumns } from '../../operations/match.ts';
import type { ConstraintTarget, OperationOf } from '../../operations/operation.ts';
import { findValidated } from '../../operations/validate-constraint.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Check, Index, Table, TableRef } from '../../schema/schema.ts';
import { checkSql, foreignKeySql, indexSql } from './column-sql.ts';
import { modifyClause, replacementIndexes, touch } from './compile-column.ts';
import { failsOnRows, impactHazards, indexHazards } from './hazards.ts';
import { orphanedIndex, replacedIndexes, uncovered } from './key-indexes.ts';
import { refuseForeignKey, refuseUnique } from './lacking.ts';
import { columnCheck } from './mariadb.ts';
import type { Clause, Moment, Piece } from './pieces.ts';
import { clause, columnOf, known, tableAfter, tableBefore } from './pieces.ts';
import { quote, quoteList } from './quote.ts';

const made = (kind: string, name: string | null): string => `${kind}:${(name ?? '').toLowerCase()}`;
const dropped = (kind: string, name: string | null): string => `${made(kind, name)}:dropped`;

/** Dropping something and making it again fits into one ALTER; making it and dropping it does not. */
function dropClause(parts: Pick<Clause, 'table' | 'sql'>, kind: string, name: string | null): Clause {
  return clause({ ...parts, touches: [dropped(kind, name)], after: [made(kind, name), dropped(kind, name)] });
}

/** An index over expressions is a hidden column: together with a change of one that it computes with, the table is copied. */
function computedFrom({ parts }: Index, { columns }: Table): readonly string[] {
  return columns
    .filter(({ name }) => parts.some(({ sql }) => sql !== null && mentions(sql, name)))
    .map(({ name }) => touch(name));
}

function addIndex(table: TableRef, index: Index, moment: Moment): Clause {
  const whole = known(moment.after, 'createIndex', `table ${table.name}`);
  // The part as normalised: it may be written shorter, or be one that a foreign key brings along.
  const normal = whole.indexes.find((one) => one.name === index.name) ?? index;
  const replaced = moment.before ? replacedIndexes(moment.before, whole) : [];
  const drops = replaced.map((name) => `, DROP INDEX ${quote(name)}`).join('');
  const computed = computedFrom(normal, whole);
  return clause({
    table,
    sql: `ADD ${indexSql(normal, whole, moment.traits)}${drops}`,
    touches: [made('index', index.name), ...computed, ...replaced.map((name) => dropped('index', name))],
    after: [made('index', index.name), ...computed, ...replaced.map((name) => made('index', name))],
    hazards: moment.isNew ? [] : indexHazards(normal, whole),
  });
}

/** ADD INDEX of any kind. */
export function createIndex(operation: OperationOf<'createIndex'>, moment: Moment): readonly Piece[] {
  return [addIndex(operation.table, operation.index, moment)];
}

function removeIndex(table: TableRef, name: string, sides: { before: Table; after: Table }): Clause {
  const replacements = replacementIndexes(sides.before, sides.after);
  const sql = [`DROP INDEX ${quote(name)}`, ...replacements].join(', ');
  const drop = dropClause({ table, sql }, 'index', name);
  const keys = uncovered(sides.before, sides.after).map((key) => made('index', key.name));
  return { ...drop, touches: [...drop.touches, ...keys] };
}

function nameOf(
  found: Index | undefined,
  target: ConstraintTarget,
  operation: 'dropIndex' | 'dropUnique',
): string {
  if (found?.name) return found.name;
  // The model hides the index that the server makes for a foreign key, which may bear this name.
  if ('name' in target) return target.name;
  return known<string>(undefined, operation, `index over (${target.columns.join(', ')})`);
}

/** DROP INDEX; a foreign key that it served gets an index of its own. */
export function dropIndex(operation: OperationOf<'dropIndex'>, moment: Moment): readonly Piece[] {
  const before = tableBefore(operation, moment);
  const found = findTarget(before.indexes, operation.target, indexColumns);
  const name = nameOf(found, operation.target, 'dropIndex');
  return [removeIndex(operation.table, name, { before, after: tableAfter(operation, moment) })];
}

/** `addUnique` makes a unique index; the simulation has turned the one into the other already. */
export function addUnique(operation: OperationOf<'addUnique'>, moment: Moment): readonly Piece[] {
  refuseUnique(operation.kind, operation.unique);
  const after = tableAfter(operation, moment);
  const index = after.indexes.find((one) => one.name === operation.unique.name);
  return [addIndex(operation.table, known(index, operation.kind, 'index for the key'), moment)];
}

/** DROP INDEX of a unique key. */
export function dropUnique(operation: OperationOf<'dropUnique'>, moment: Moment): readonly Piece[] {
  const before = tableBefore(operation, moment);
  const uniques = before.indexes.filter((index) => index.unique);
  const found = findTarget(uniques, operation.target, indexColumns);
  const name = nameOf(found, operation.target, 'dropUnique');
  return [removeIndex(operation.table, name, { before, after: tableAfter(operation, moment) })];
}

/** ADD PRIMARY KEY. */
export function addPrimaryKey(operation: OperationOf<'addPrimaryKey'>, moment: Moment): readonly Piece[] {
  const columns = quoteList(operation.primaryKey.columns);
  return [
    clause({
      table: operation.table,
      sql: `ADD PRIMARY KEY (${columns})`,
      touches: [made('primary', null)],
      hazards: moment.isNew
        ? []
        : [...impactHazards('rebuild', moment.traits), failsOnRows('duplicates and nulls stop it')],
    }),
  ];
}

/** DROP PRIMARY KEY; a foreign key that it served gets an index of its own. */
export function dropPrimaryKey(operation: OperationOf<'dropPrimaryKey'>, moment: Moment): readonly Piece[] {
  const replacements = replacementIndexes(tableBefore(operation, moment), tableAfter(operation, moment));
  const drop = dropClause(
    { table: operation.table, sql: ['DROP PRIMARY KEY', ...replacements].join(', ') },
    'primary',
    null,
  );
  return [{ ...drop, hazards: moment.isNew ? [] : impactHazards('copy', moment.traits) }];
}

/** ADD FOREIGN KEY. */
export function addForeignKey(operation: OperationOf<'addForeignKey'>, moment: Moment): readonly Piece[] {
  refuseForeignKey(operation.kind, operation.foreignKey);
  const after = tableAfter(operation, moment);
  const key = known(
    after.foreignKeys.find((one) => one.name === operation.foreignKey.name),
    operation.kind,
    'foreign key',
  );
  const hazards = [...impactHazards('copy', moment.traits), failsOnRows('rows without a parent stop it')];
  return [
    clause({
      table: operation.table,
      sql: `ADD ${foreignKeySql(key)}`,
      family: 'add-key',
      touches: [made('key', key.name)],
      hazards: moment.isNew ? [] : hazards,
    }),
  ];
}

/** DROP FOREIGN KEY, and the index that the server made for it. */
export function dropForeignKey(operation: OperationOf<'dropForeignKey'>, moment: Moment): readonly Piece[] {
  const before = tableBefore(operation, moment);
  const found = findTarget(before.foreignKeys, operation.target, (key) => key.columns);
  const object = 'name' in operation.target ? operation.target.name : operation.target.columns.join(', ');
  const key = known(found, operation.kind, `foreign key ${object}`);
  const index = orphanedIndex(before, tableAfter(operation, moment), key);
  const sql = [
    `DROP FOREIGN KEY ${quote(key.name ?? '')}`,
    ...(index === null ? [] : [`DROP INDEX ${quote(index)}`]),
  ];
  return [
    clause({
      table: operation.table,
      sql: sql.join(', '),
      family: 'drop-key',
      touches: [made('key', key.name)],
    }),
  ];
}

/** MariaDB keeps a check that bears its column's name inside the column's definition. */
function columnDefinition(table: Table, check: Check, moment: Moment): Clause | null {
  if (!columnCheck({ ...table, checks: [check] }, check.name ?? '', moment.traits)) return null;
  const column = columnOf(table, check.name ?? '', 'addCheck');
  return modifyClause({ table, before: column, after: column }, moment);
}

/** ADD CHECK. */
export function addCheck(operation: OperationOf<'addCheck'>, moment: Moment): readonly Piece[] {
  const after = tableAfter(operation, moment);
  const check = known(
    after.checks.find((one) => one.name === operation.check.name),
    operation.kind,
    'check',
  );
  const hazards = [...impactHazards('copy', moment.traits), failsOnRows('rows that break the check stop it')];
  const add = clause({
    table: operation.table,
    sql: `ADD ${checkSql(check)}`,
    touches: [made('check', check.name)],
    hazards: moment.isNew || !check.valid ? [] : hazards,
  });
  return [columnDefinition(after, check, moment) ?? add];
}

/** DROP CHECK. */
export function dropCheck(operation: OperationOf<'dropCheck'>, moment: Moment): readonly Piece[] {
  const before = tableBefore(operation, moment);
  const object = 'name' in operation.target ? operation.target.name : operation.target.sql;
  const check = known(findCheck(before, operation.target), operation.kind, `check ${object}`);
  const sql = `DROP CONSTRAINT ${quote(check.name ?? '')}`;
  return [
    columnDefinition(before, check, moment) ??
      dropClause({ table: operation.table, sql }, 'check', check.name),
  ];
}

/** MySQL enforces a check that it has not enforced; foreign keys, and all checks of MariaDB, are valid from the start. */
export function validateConstraint(
  operation: OperationOf<'validateConstraint'>,
  moment: Moment,
): readonly Piece[] {
  const object = `constraint ${displayTarget(operation.target)}`;
  const part = known(findValidated(tableBefore(operation, moment), operation), operation.kind, object);
  if (part.valid) return [];
  const hazards = [...impactHazards('copy', moment.traits), failsOnRows('rows that break the check stop it')];
  return [
    clause({
      table: operation.table,
      sql: `ALTER CHECK ${quote(part.name ?? '')} ENFORCED`,
      touches: [made('check', part.name)],
      after: [made('check', part.name)],
      hazards: moment.isNew ? [] : hazards,
    }),
  ];
}
