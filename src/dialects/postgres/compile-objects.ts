// Everything that is not a table, in SQL: enums, namespaces, views, triggers, routines, sequences.
// In: operations. Out: pieces. Must not know segments.

import type { OperationOf } from '../../operations/operation.ts';
import type { Sequence, View } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import type { Context, Piece } from './pieces.ts';
import { ddl, hazard } from './pieces.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';

export function createEnum({ enum: one }: OperationOf<'createEnum'>): readonly Piece[] {
  return [ddl(`CREATE TYPE ${quoteRef(one)} AS ENUM (${one.values.map(quoteLiteral).join(', ')})`)];
}

export function dropEnum({ enum: ref }: OperationOf<'dropEnum'>): readonly Piece[] {
  return [ddl(`DROP TYPE ${quoteRef(ref)}`)];
}

/** The new value cannot be used before the transaction has ended. */
export function addEnumValue(operation: OperationOf<'addEnumValue'>): readonly Piece[] {
  const { before, after } = operation;
  const place =
    before === null
      ? after === null
        ? ''
        : ` AFTER ${quoteLiteral(after)}`
      : ` BEFORE ${quoteLiteral(before)}`;
  const sql = `ALTER TYPE ${quoteRef(operation.enum)} ADD VALUE ${quoteLiteral(operation.value)}${place}`;
  return [{ ...ddl(sql), place: 'last' }];
}

export function createNamespace({ namespace }: OperationOf<'createNamespace'>): readonly Piece[] {
  return [ddl(`CREATE SCHEMA ${quoteIdentifier(namespace)}`)];
}

export function dropNamespace({ namespace }: OperationOf<'dropNamespace'>): readonly Piece[] {
  return [ddl(`DROP SCHEMA ${quoteIdentifier(namespace)}`)];
}

/** The SELECT of a view without what may follow it. */
export function viewBody(view: View): string {
  return view.sql.trim().replace(/;\s*$/, '');
}

export function createView({ view }: OperationOf<'createView'>): readonly Piece[] {
  const kind = view.materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  return [ddl(`CREATE ${kind} ${quoteRef(view)} AS\n${viewBody(view)}`)];
}

export function dropView({ view: ref, was }: OperationOf<'dropView'>, context: Context): readonly Piece[] {
  const view = context.draft.views.get(refKey(ref)) ?? was;
  const kind = view?.materialized === true ? 'MATERIALIZED VIEW' : 'VIEW';
  return [ddl(`DROP ${kind} ${quoteRef(ref)}`)];
}

export function createTrigger({ trigger }: OperationOf<'createTrigger'>): readonly Piece[] {
  return [
    ddl(
      trigger.sql,
      hazard('blocks-writes', `writes to ${displayRef(trigger.table)} wait until the transaction ends`),
    ),
  ];
}

export function dropTrigger({ table, trigger }: OperationOf<'dropTrigger'>): readonly Piece[] {
  return [ddl(`DROP TRIGGER ${quoteIdentifier(trigger)} ON ${quoteRef(table)}`)];
}

export function createRoutine({ routine }: OperationOf<'createRoutine'>): readonly Piece[] {
  return [ddl(routine.sql)];
}

export function dropRoutine({ routine }: OperationOf<'dropRoutine'>): readonly Piece[] {
  return [
    ddl(
      `DROP ${routine.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION'} ${quoteRef(routine)}(${routine.signature})`,
    ),
  ];
}

function sequenceSql(sequence: Sequence): string {
  const minimum = sequence.minimum === null ? '' : ` MINVALUE ${sequence.minimum}`;
  const maximum = sequence.maximum === null ? '' : ` MAXVALUE ${sequence.maximum}`;
  const range = `INCREMENT BY ${sequence.increment}${minimum}${maximum} START WITH ${sequence.start}`;
  return `CREATE SEQUENCE ${quoteRef(sequence)} ${range}${sequence.cycle ? ' CYCLE' : ''}`;
}

export function createSequence({ sequence }: OperationOf<'createSequence'>): readonly Piece[] {
  return [ddl(sequenceSql(sequence))];
}

export function dropSequence({ sequence }: OperationOf<'dropSequence'>): readonly Piece[] {
  return [
    ddl(
      `DROP SEQUENCE ${quoteRef(sequence)}`,
      hazard('data-loss', `the state of ${displayRef(sequence)} is gone`),
    ),
  ];
}
