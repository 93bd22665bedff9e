// One operation as a call of the builder, without the sides that are filled from the schema before it.
// In: Operation. Out: Expression. Must not know whether the builder can say all of it: who asks proves that.

import { SurefootError } from '../kernel/errors.ts';
import { describe } from '../operations/apply.ts';
import type {
  CheckTarget,
  ColumnChanges,
  ConstraintTarget,
  Operation,
  OperationHandlers,
  OperationOf,
  RowChange,
} from '../operations/operation.ts';
import { dispatch } from '../operations/operation.ts';
import type { Routine } from '../schema/schema.ts';
import type { Expression } from './code/expression.ts';
import { call, json, record, unless } from './code/expression.ts';
import { referenceOptions, sayColumn, sayDefault, sayName, sayType } from './say-column.ts';
import { indexOptions, indexParts, sayTable, uniqueOptions } from './say-table.ts';

const op: Expression = { kind: 'name', name: 'op' };

/** A call on the builder. */
export const onBuilder = (method: string, ...given: readonly Expression[]): Expression =>
  call(op, method, ...given);

/** The operation as data: what says it where no method does. */
export const sayAsData = (operation: Operation): Expression => onBuilder('add', json(operation));

const sayTarget = (target: ConstraintTarget | CheckTarget): Expression =>
  json('name' in target ? target.name : target);

const sayNamed = (name: string | null, more: object = {}): Expression =>
  json({ name: name ?? undefined, ...more });

function sayChanges({ type, default: value, ...others }: ColumnChanges): Expression {
  const rest = json(others);
  return record({
    type: type && sayType(type),
    default: value === undefined ? undefined : value === null ? json(null) : sayDefault(value),
    ...(rest.kind === 'record' ? Object.fromEntries(rest.members) : {}),
  });
}

function sayRoutine(
  verb: 'create' | 'drop',
  routine: Pick<Routine, 'kind' | 'signature'> & { readonly sql?: string },
) {
  const method = `${verb}${routine.kind === 'function' ? 'Function' : 'Procedure'}`;
  const rest = [
    ...(routine.sql === undefined ? [] : [json(routine.sql)]),
    json({ signature: unless('', routine.signature) }),
  ];
  return (name: Expression) => onBuilder(method, name, ...rest);
}

function sayEffect(effect: readonly Operation[]): Expression {
  if (effect.length === 0) return json('none');
  return { kind: 'steps', calls: effect.map(sayOperation) };
}

function sayExecute({ sql, inverse, effect, transaction }: OperationOf<'execute'>): Expression {
  const one = inverse?.length === 1 ? inverse[0] : inverse;
  const options = record({
    inverse: one === null || one === undefined ? undefined : json(one),
    effect: effect === null ? undefined : sayEffect(effect),
    transaction: transaction ? undefined : json(false),
  });
  return onBuilder('execute', { kind: 'literal', value: sql, isSql: true }, options);
}

function refuseRun(operation: OperationOf<'run'>): never {
  throw new SurefootError('operation/not-writable', `${describe(operation)}: its code is a function`, {
    details: { operation: describe(operation) },
    hint: 'Copy the data step from the revision that has it.',
  });
}

const sayRows = (
  method: string,
  { table, rows, key }: OperationOf<'insertRows' | 'deleteRows'>,
): Expression => onBuilder(method, sayName(table), json(rows), json({ key: key ?? undefined }));

const sayChange = ({ set, where }: RowChange) => ({
  set: Object.fromEntries(set.map(({ column, sql }) => [column, sql])),
  where: where ?? undefined,
});

function sayBackfill({ table, change, pace, inverse }: OperationOf<'backfill'>): Expression {
  const rest = json({
    ...sayChange(change),
    batch: unless(1000, pace.batch),
    pause: unless(10, pace.pauseMs),
    rowsPerSecond: pace.rowsPerSecond ?? undefined,
    maxLag: unless(10_000, pace.maxLagMs),
    inverse: inverse === null || inverse === 'nothing' ? (inverse ?? undefined) : sayChange(inverse),
  });
  const members = rest.kind === 'record' ? Object.fromEntries(rest.members) : {};
  return onBuilder('backfill', record({ table: sayName(table), ...members }));
}

const sayIndex = ({ table, index, concurrently }: OperationOf<'createIndex'>): Expression =>
  onBuilder(
    'createIndex',
    sayName(table),
    json(indexParts(index)),
    sayNamed(index.name, { ...indexOptions(index), concurrently: unless(false, concurrently) }),
  );

function sayForeignKey({ table, foreignKey }: OperationOf<'addForeignKey'>): Expression {
  const { references, columns } = foreignKey;
  return onBuilder(
    'addForeignKey',
    sayName(table),
    json(columns),
    record({
      table: sayName(references.table),
      columns: json(references.columns),
      ...referenceOptions(foreignKey),
    }),
  );
}

const sayErasure = (erase: boolean | undefined): Expression =>
  json({ erase: erase === true ? true : undefined });

const sayers: OperationHandlers<null, Expression> = {
  createTable: ({ table }) => onBuilder('createTable', ...sayTable(table)),
  dropTable: ({ table, erase }) => onBuilder('dropTable', sayName(table), sayErasure(erase)),
  renameTable: ({ from, to }) => onBuilder('renameTable', sayName(from), sayName(to)),
  setTableComment: ({ table, to }) => onBuilder('setTableComment', sayName(table), json(to)),
  addColumn: ({ table, column }) =>
    onBuilder('addColumn', sayName(table), json(column.name), sayColumn(column)),
  dropColumn: ({ table, column, erase }) =>
    onBuilder('dropColumn', sayName(table), json(column), sayErasure(erase)),
  renameColumn: ({ table, from, to }) => onBuilder('renameColumn', sayName(table), json(from), json(to)),
  alterColumn: ({ table, column, changes, using }) =>
    onBuilder(
      'alterColumn',
      sayName(table),
      json(column),
      sayChanges(changes),
      json({ using: using ?? undefined }),
    ),
  setColumnComment: ({ table, column, to }) =>
    onBuilder('setColumnComment', sayName(table), json(column), json(to)),
  createIndex: sayIndex,
  dropIndex: ({ table, target, concurrently }) =>
    onBuilder(
      'dropIndex',
      sayName(table),
      sayTarget(target),
      json({ concurrently: unless(false, concurrently) }),
    ),
  addPrimaryKey: ({ table, primaryKey }) =>
    onBuilder('addPrimaryKey', sayName(table), json(primaryKey.columns), sayNamed(primaryKey.name)),
  dropPrimaryKey: ({ table }) => onBuilder('dropPrimaryKey', sayName(table)),
  addUnique: ({ table, unique }) =>
    onBuilder(
      'addUnique',
      sayName(table),
      json(unique.columns),
      sayNamed(unique.name, uniqueOptions(unique)),
    ),
  dropUnique: ({ table, target }) => onBuilder('dropUnique', sayName(table), sayTarget(target)),
  addForeignKey: sayForeignKey,
  dropForeignKey: ({ table, target }) => onBuilder('dropForeignKey', sayName(table), sayTarget(target)),
  addCheck: ({ table, check }) =>
    onBuilder(
      'addCheck',
      sayName(table),
      json(check.sql),
      sayNamed(check.name, { valid: unless(true, check.valid) }),
    ),
  dropCheck: ({ table, target }) => onBuilder('dropCheck', sayName(table), sayTarget(target)),
  validateConstraint: ({ table, target }) =>
    onBuilder('validateConstraint', sayName(table), sayTarget(target)),
  createEnum: (one) => onBuilder('createEnum', sayName(one.enum), json(one.enum.values)),
  dropEnum: (one) => onBuilder('dropEnum', sayName(one.enum)),
  addEnumValue: ({ enum: ref, value, before, after }) =>
    onBuilder(
      'addEnumValue',
      sayName(ref),
      json(value),
      json({ before: before ?? undefined, after: after ?? undefined }),
    ),
  createNamespace: ({ namespace }) => onBuilder('createNamespace', json(namespace)),
  dropNamespace: ({ namespace }) => onBuilder('dropNamespace', json(namespace)),
  createView: ({ view }) =>
    onBuilder(
      'createView',
      sayName(view),
      json(view.sql),
      json({ materialized: unless(false, view.materialized) }),
    ),
  dropView: ({ view }) => onBuilder('dropView', sayName(view)),
  createTrigger: ({ trigger }) =>
    onBuilder('createTrigger', sayName(trigger.table), json(trigger.name), json(trigger.sql)),
  dropTrigger: ({ table, trigger }) => onBuilder('dropTrigger', sayName(table), json(trigger)),
  createRoutine: ({ routine }) => sayRoutine('create', routine)(sayName(routine)),
  dropRoutine: ({ routine }) => sayRoutine('drop', routine)(sayName(routine)),
  createSequence: ({ sequence: { start, increment, minimum, maximum, cycle, ...ref } }) =>
    onBuilder(
      'createSequence',
      sayName(ref),
      json({
        start: unless(1, start),
        increment: unless(1, increment),
        minimum: minimum ?? undefined,
        maximum: maximum ?? undefined,
        cycle: unless(false, cycle),
      }),
    ),
  dropSequence: ({ sequence }) => onBuilder('dropSequence', sayName(sequence)),
  execute: sayExecute,
  run: refuseRun,
  insertRows: (operation) => sayRows('insertRows', operation),
  deleteRows: (operation) => sayRows('deleteRows', operation),
  backfill: sayBackfill,
  assert: ({ sql, message }) => onBuilder('assert', json(sql), json(message)),
};

/** The call that says the operation. */
export function sayOperation(operation: Operation): Expression {
  return dispatch(sayers, operation, null);
}
