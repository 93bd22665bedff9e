import type { OperationOf } from '../../operations/operation.ts';
import { displayRef } from '../../schema/schema.ts';
import { createSequenceSql } from './mariadb.ts';
import type { Moment, Piece } from './pieces.ts';
import { ddl, unsupported } from './pieces.ts';
import { quoteRef } from './quote.ts';

/** Named enums have no object of their own here. */
export function nothing(): readonly Piece[] {
  return [];
}

/** Databases are made by those who administer the server. */
export function refuseNamespace(
  operation: OperationOf<'createNamespace' | 'dropNamespace'>,
): readonly Piece[] {
  throw unsupported(
    operation.kind,
    `${operation.namespace}: a namespace is another database here, and Surefoot makes and drops none`,
    'create the database by hand, or leave the namespace out',
  );
}

/** CREATE VIEW. */
export function createView(operation: OperationOf<'createView'>): readonly Piece[] {
  const { view } = operation;
  if (view.materialized) {
    throw unsupported(
      operation.kind,
      `view ${displayRef(view)} is materialized, and this server has only ordinary views`,
      'make it an ordinary view or a table',
    );
  }
  return [ddl(`CREATE VIEW ${quoteRef(view)} AS ${view.sql}`)];
}

/** DROP VIEW. */
export function dropView(operation: OperationOf<'dropView'>): readonly Piece[] {
  return [ddl(`DROP VIEW ${quoteRef(operation.view)}`)];
}

/** The whole statement, as its author wrote it, without what only a client needs. */
function statementOf(sql: string): string {
  return sql.trim().replace(/;+$/, '');
}

/** CREATE TRIGGER, as written. */
export function createTrigger(operation: OperationOf<'createTrigger'>): readonly Piece[] {
  return [ddl(statementOf(operation.trigger.sql))];
}

/** DROP TRIGGER; a trigger lives in the namespace of its table. */
export function dropTrigger(operation: OperationOf<'dropTrigger'>): readonly Piece[] {
  const trigger = { namespace: operation.table.namespace, name: operation.trigger };
  return [ddl(`DROP TRIGGER ${quoteRef(trigger)}`)];
}

/** CREATE FUNCTION or CREATE PROCEDURE, as written. */
export function createRoutine(operation: OperationOf<'createRoutine'>): readonly Piece[] {
  return [ddl(statementOf(operation.routine.sql))];
}

/** DROP FUNCTION or DROP PROCEDURE. */
export function dropRoutine(operation: OperationOf<'dropRoutine'>): readonly Piece[] {
  return [ddl(`DROP ${operation.routine.kind.toUpperCase()} ${quoteRef(operation.routine)}`)];
}

function demandSequences(operation: string, name: string, moment: Moment): void {
  if (moment.traits.flavor === 'mariadb') return;
  throw unsupported(operation, `sequence ${name}: MySQL has no sequences`, 'use an AUTO_INCREMENT column');
}

/** CREATE SEQUENCE, on MariaDB. */
export function createSequence(operation: OperationOf<'createSequence'>, moment: Moment): readonly Piece[] {
  demandSequences(operation.kind, displayRef(operation.sequence), moment);
  return [ddl(createSequenceSql(operation.sequence))];
}

/** DROP SEQUENCE, on MariaDB. */
export function dropSequence(operation: OperationOf<'dropSequence'>, moment: Moment): readonly Piece[] {
  demandSequences(operation.kind, displayRef(operation.sequence), moment);
  return [ddl(`DROP SEQUENCE ${quoteRef(operation.sequence)}`)];
}
