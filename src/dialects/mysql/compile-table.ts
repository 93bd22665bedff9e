import type { OperationOf } from '../../operations/operation.ts';
import type { Table } from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import { checkSql, columnSql, foreignKeySql, indexSql } from './column-sql.ts';
import { refuseTable } from './lacking.ts';
import { columnCheck } from './mariadb.ts';
import type { Moment, Piece } from './pieces.ts';
import { clause, ddl, hazard, tableAfter } from './pieces.ts';
import { literal, quoteList, quoteRef } from './quote.ts';
import { respelled } from './respelled.ts';
import { optionsSql } from './table-options.ts';
import type { MysqlTraits } from './traits.ts';

/** AUTO_INCREMENT=n of an author who wants numbers to start there; it is no part of the normalised table. */
function startSql(table: Table): string {
  const start = table.columns.find((column) => column.identity?.start != null)?.identity?.start;
  return start == null ? '' : ` AUTO_INCREMENT=${start}`;
}

function bodySql(table: Table, traits: MysqlTraits): string {
  const lines = [
    ...table.columns.map((column) => columnSql(column, table, traits)),
    ...(table.primaryKey ? [`PRIMARY KEY (${quoteList(table.primaryKey.columns)})`] : []),
    ...table.indexes.map((index) => indexSql(index, table, traits)),
    ...table.foreignKeys.map(foreignKeySql),
    ...table.checks.filter((check) => !columnCheck(table, check.name ?? '', traits)).map(checkSql),
  ];
  return lines.map((line) => `  ${line}`).join(',\n');
}

/** CREATE TABLE with all its parts. */
export function createTable(operation: OperationOf<'createTable'>, moment: Moment): readonly Piece[] {
  refuseTable(operation.kind, operation.table);
  const table = tableAfter({ ...operation, table: operation.table }, moment);
  const options = optionsSql(table.options, table.comment);
  const [head, ...partitioning] = options.split('\n');
  const tail = [`${head}${startSql(operation.table)}`, ...partitioning].join('\n');
  return [ddl(`CREATE TABLE ${quoteRef(table)} (\n${bodySql(table, moment.traits)}\n) ${tail}`)];
}

/** DROP TABLE. */
export function dropTable(operation: OperationOf<'dropTable'>, moment: Moment): readonly Piece[] {
  const loss = hazard('data-loss', `every row of ${displayRef(operation.table)} is lost`);
  return [ddl(`DROP TABLE ${quoteRef(operation.table)}`, ...(moment.isNew ? [] : [loss]))];
}

/** RENAME TABLE. */
export function renameTable(operation: OperationOf<'renameTable'>, moment: Moment): readonly Piece[] {
  const rename = ddl(`RENAME TABLE ${quoteRef(operation.from)} TO ${quoteRef(operation.to)}`);
  return [rename, ...respelled(moment)];
}

/** Another comment of the table. */
export function setTableComment(operation: OperationOf<'setTableComment'>): readonly Piece[] {
  const sql = `COMMENT=${literal(operation.to ?? '')}`;
  return [clause({ table: operation.table, sql, touches: ['comment'] })];
}
