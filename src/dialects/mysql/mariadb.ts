// What MariaDB does differently from MySQL, where a trait or a word in a query is not enough.
// In: parts of a schema. Out: answers for introspection and compile. Must not know a connection.

import type { Row } from '../../dialect/connection.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import type { Check, Column, Sequence, Table } from '../../schema/schema.ts';
import { foldExpression } from './expressions.ts';
import { literal, quote, quoteRef } from './quote.ts';
import type { MysqlTraits } from './traits.ts';

/** True for the check that makes a column of long text a JSON column. */
export function isJsonCheck(column: Column, check: Check): boolean {
  const { type } = column;
  const isLongText = type.kind === 'json' || (type.kind === 'native' && type.sql === 'longtext');
  if (!isLongText || check.name !== column.name) return false;
  return foldExpression(check.sql, [column.name]) === foldExpression(`json_valid(${quote(column.name)})`);
}

/**
 * Checks written at a column. They bear its name, live in its definition, and are gone when a MODIFY does not repeat
 * them; no DROP CONSTRAINT reaches them.
 */
export function columnCheck(table: Table, column: string, traits: MysqlTraits): Check | undefined {
  if (traits.flavor !== 'mariadb' || !table.columns.some((one) => one.name === column)) return undefined;
  return table.checks.find((check) => check.name === column);
}

/** One query for the definitions of all sequences; each is a table of one row. */
export function sequencesSql(names: readonly string[]): string {
  return names
    .map(
      (
        name,
      ) => `SELECT ${literal(name)} AS 'name', start_value AS 'start', increment AS 'step', minimum_value AS 'lowest',
        maximum_value AS 'highest', cycle_option AS 'cycles' FROM ${quote(name)}`,
    )
    .join(' UNION ALL ');
}

/** A row of that query as a sequence. */
export function readSequence(row: Row): Sequence {
  return {
    namespace: null,
    name: textOf(row, 'name') ?? '',
    start: numberOf(row, 'start') ?? 1,
    increment: numberOf(row, 'step') ?? 1,
    minimum: numberOf(row, 'lowest'),
    maximum: numberOf(row, 'highest'),
    cycle: numberOf(row, 'cycles') === 1,
  };
}

/** CREATE SEQUENCE. */
export function createSequenceSql(sequence: Sequence): string {
  const bounds = [
    sequence.minimum === null ? '' : ` MINVALUE ${sequence.minimum}`,
    sequence.maximum === null ? '' : ` MAXVALUE ${sequence.maximum}`,
    sequence.cycle ? ' CYCLE' : '',
  ];
  const numbers = `START WITH ${sequence.start} INCREMENT BY ${sequence.increment}`;
  return `CREATE SEQUENCE ${quoteRef(sequence)} ${numbers}${bounds.join('')}`;
}
