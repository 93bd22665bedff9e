// What a revision's functions are given: each method records one operation.
// In: calls. Out: Operation[], and the functions of `run`. Must not know how any of it is carried out.

import type { MakeDualWrite } from '../dialect/dual-write.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Place } from '../kernel/load-module.ts';
import { wrongMembers } from '../operations/is-operation.ts';
import type { ColumnChanges, ConstraintTarget, Operation, RunReference } from '../operations/operation.ts';
import type { ColumnBuilder } from '../schema/column-builder.ts';
import { t, toColumn, toDefault, toForeignKey } from '../schema/column-builder.ts';
import type { Routine } from '../schema/schema.ts';
import { toRef } from '../schema/schema.ts';
import { partsOfColumn, toIndex, toTable, toUnique } from '../schema/table-builder.ts';
import { toBackfill } from './backfill.ts';
import { dropDualWrite, dualWrite } from './dual-write.ts';
import type {
  ColumnChangesInput,
  Erasure,
  ExecuteOptions,
  Name,
  OperationBuilder,
  RunFunction,
  RunOptions,
} from './operation-builder.ts';

/** A builder and what was recorded with it. */
export interface Recording {
  readonly op: OperationBuilder;
  operations(): readonly Operation[];
  /** The functions of `run`, by `RunReference.index`. */
  runs(): readonly RunFunction[];
  /** By operation, what `place` gave when it was recorded. */
  places(): readonly (Place | null)[];
}

type Push = (...operations: readonly Operation[]) => void;

const target = (given: string | ConstraintTarget): ConstraintTarget =>
  typeof given === 'string' ? { name: given } : given;

function toChanges(input: ColumnChangesInput): ColumnChanges {
  const { type, default: value, ...rest } = input;
  const changes = {
    ...(type === undefined ? {} : { type: type.spec.column.type }),
    ...(value === undefined ? {} : { default: value === null ? null : toDefault(value) }),
    ...rest,
  };
  // A member given as `undefined` is not said.
  return Object.fromEntries(Object.entries(changes).filter(([, member]) => member !== undefined));
}

function addColumn(push: Push, name: Name, column: string, builder: ColumnBuilder): void {
  const table = toRef(name);
  const parts = partsOfColumn(column, builder);
  const primaryKey = { name: builder.spec.primaryKeyName, columns: [column] };
  push(
    { kind: 'addColumn', table, column: toColumn(column, builder) },
    ...parts.uniques.map((unique): Operation => ({ kind: 'addUnique', table, unique })),
    ...parts.indexes.map((index): Operation => ({ kind: 'createIndex', table, index, concurrently: false })),
    ...parts.checks.map((check): Operation => ({ kind: 'addCheck', table, check })),
    ...parts.foreignKeys.map((foreignKey): Operation => ({ kind: 'addForeignKey', table, foreignKey })),
    ...(builder.spec.primaryKey
      ? [{ kind: 'addPrimaryKey', table, primaryKey, nullable: [] } satisfies Operation]
      : []),
  );
}

type TableMethods =
  | 'createTable'
  | 'dropTable'
  | 'renameTable'
  | 'setTableComment'
  | 'addColumn'
  | 'dropColumn'
  | 'renameColumn';

/** Absent where it is not said, so that what is not erased stays what it was. */
const erasing = (options: Erasure | undefined): Erasure => (options?.erase === true ? { erase: true } : {});

function tableMethods(push: Push): Pick<OperationBuilder, TableMethods> {
  return {
    createTable: (name, columns, extras) =>
      push({
        kind: 'createTable',
        table: toTable(name, typeof columns === 'function' ? columns(t) : columns, extras),
      }),
    dropTable: (name, options) =>
      push({ kind: 'dropTable', table: toRef(name), was: null, triggers: [], ...erasing(options) }),
    renameTable: (from, to) => push({ kind: 'renameTable', from: toRef(from), to: toRef(to) }),
    setTableComment: (name, comment) =>
      push({ kind: 'setTableComment', table: toRef(name), from: null, to: comment }),
    addColumn: (name, column, builder) => addColumn(push, name, column, builder),
    dropColumn: (name, column, options) =>
      push({
        kind: 'dropColumn',
        table: toRef(name),
        column,
        was: null,
        lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
        ...erasing(options),
      }),
    renameColumn: (name, from, to) => push({ kind: 'renameColumn', table: toRef(name), from, to }),
  };
}

type PartMethods =
  | 'alterColumn'
  | 'setColumnComment'
  | 'createIndex'
  | 'dropIndex'
  | 'addPrimaryKey'
  | 'dropPrimaryKey';

function partMethods(push: Push): Pick<OperationBuilder, PartMethods> {
  return {
    alterColumn: (name, column, changes, options = {}) =>
      push({
        kind: 'alterColumn',
        table: toRef(name),
        column,
        changes: toChanges(changes),
        was: null,
        using: options.using ?? null,
      }),
    setColumnComment: (name, column, comment) =>
      push({ kind: 'setColumnComment', table: toRef(name), column, from: null, to: comment }),
    createIndex: (name, columns, options = {}) =>
      push({
        kind: 'createIndex',
        table: toRef(name),
        index: toIndex(columns, options),
        concurrently: options.concurrently ?? false,
      }),
    dropIndex: (name, given, options = {}) =>
      push({
        kind: 'dropIndex',
        table: toRef(name),
        target: target(given),
        was: null,
        concurrently: options.concurrently ?? false,
      }),
    addPrimaryKey: (name, columns, options = {}) =>
      push({
        kind: 'addPrimaryKey',
        table: toRef(name),
        primaryKey: { name: options.name ?? null, columns },
        nullable: [],
      }),
    dropPrimaryKey: (name) => push({ kind: 'dropPrimaryKey', table: toRef(name), was: null }),
  };
}

type ConstraintMethods =
  | 'addUnique'
  | 'dropUnique'
  | 'addForeignKey'
  | 'dropForeignKey'
  | 'addCheck'
  | 'dropCheck'
  | 'validateConstraint';

function constraintMethods(push: Push): Pick<OperationBuilder, ConstraintMethods> {
  return {
    addUnique: (name, columns, options) =>
      push({ kind: 'addUnique', table: toRef(name), unique: toUnique(columns, options) }),
    dropUnique: (name, given) =>
      push({ kind: 'dropUnique', table: toRef(name), target: target(given), was: null }),
    addForeignKey: (name, columns, references) =>
      push({
        kind: 'addForeignKey',
        table: toRef(name),
        foreignKey: toForeignKey(columns, references, references),
      }),
    dropForeignKey: (name, given) =>
      push({ kind: 'dropForeignKey', table: toRef(name), target: target(given), was: null }),
    addCheck: (name, sql, options = {}) =>
      push({
        kind: 'addCheck',
        table: toRef(name),
        check: { name: options.name ?? null, sql, valid: options.valid ?? true },
      }),
    dropCheck: (name, given) =>
      push({
        kind: 'dropCheck',
        table: toRef(name),
        target: typeof given === 'string' ? { name: given } : given,
        was: null,
      }),
    validateConstraint: (name, given) =>
      push({
        kind: 'validateConstraint',
        table: toRef(name),
        target: typeof given === 'string' ? { name: given } : given,
        was: null,
      }),
  };
}

type ObjectMethods =
  | 'createEnum'
  | 'dropEnum'
  | 'addEnumValue'
  | 'createNamespace'
  | 'dropNamespace'
  | 'createView'
  | 'dropView'
  | 'createTrigger'
  | 'dropTrigger';

function objectMethods(push: Push): Pick<OperationBuilder, ObjectMethods> {
  return {
    createEnum: (name, values) => push({ kind: 'createEnum', enum: { ...toRef(name), values } }),
    dropEnum: (name) => push({ kind: 'dropEnum', enum: toRef(name), was: null }),
    addEnumValue: (name, value, place = {}) =>
      push({
        kind: 'addEnumValue',
        enum: toRef(name),
        value,
        before: place.before ?? null,
        after: place.after ?? null,
      }),
    createNamespace: (namespace) => push({ kind: 'createNamespace', namespace }),
    dropNamespace: (namespace) => push({ kind: 'dropNamespace', namespace }),
    createView: (name, select, options = {}) =>
      push({
        kind: 'createView',
        view: { ...toRef(name), sql: select, materialized: options.materialized ?? false },
      }),
    dropView: (name) => push({ kind: 'dropView', view: toRef(name), was: null }),
    createTrigger: (table, name, sql) =>
      push({ kind: 'createTrigger', trigger: { table: toRef(table), name, sql } }),
    dropTrigger: (table, name) =>
      push({ kind: 'dropTrigger', table: toRef(table), trigger: name, was: null }),
  };
}

type RoutineMethods =
  | 'createFunction'
  | 'dropFunction'
  | 'createProcedure'
  | 'dropProcedure'
  | 'createSequence'
  | 'dropSequence';

function routineMethods(push: Push): Pick<OperationBuilder, RoutineMethods> {
  const create = (kind: Routine['kind'], name: Name, sql: string, signature = '') =>
    push({ kind: 'createRoutine', routine: { ...toRef(name), kind, signature, sql } });
  const drop = (kind: Routine['kind'], name: Name, signature = '') =>
    push({ kind: 'dropRoutine', routine: { ...toRef(name), kind, signature }, was: null });
  return {
    createFunction: (name, sql, options) => create('function', name, sql, options?.signature),
    dropFunction: (name, options) => drop('function', name, options?.signature),
    createProcedure: (name, sql, options) => create('procedure', name, sql, options?.signature),
    dropProcedure: (name, options) => drop('procedure', name, options?.signature),
    createSequence: (name, options = {}) =>
      push({
        kind: 'createSequence',
        sequence: {
          ...toRef(name),
          start: 1,
          increment: 1,
          minimum: null,
          maximum: null,
          cycle: false,
          ...options,
        },
      }),
    dropSequence: (name) => push({ kind: 'dropSequence', sequence: toRef(name), was: null }),
  };
}

function toEffect(effect: ExecuteOptions['effect']): readonly Operation[] | null {
  if (effect === undefined) return null;
  if (effect === 'none') return [];
  if (typeof effect !== 'function') return effect;
  const recording = createBuilder();
  effect(recording.op);
  return recording.operations();
}

function notAFunction(): SurefootError {
  return new SurefootError('usage/invalid', 'op.run takes a function first, and its options after it', {
    details: { argument: 'op.run' },
    hint: "Write op.run(async ({ connection }) => { … }, { description: '…' }).",
  });
}

function recordRun(
  runs: RunFunction[],
  list: RunReference['list'],
  step: RunFunction,
  options: RunOptions,
): RunReference {
  if (typeof step !== 'function') throw notAFunction();
  const index = runs.push(step) - 1;
  const { inverse } = options;
  return {
    list,
    index,
    description: options.description ?? (step.name || `data step ${index + 1}`),
    repeatable: options.repeatable ?? false,
    inverse: typeof inverse === 'function' ? runs.push(inverse) - 1 : (inverse ?? null),
  };
}

type PhaseMethods = 'dualWrite' | 'dropDualWrite';

function phaseMethods(push: Push, make: MakeDualWrite | undefined): Pick<OperationBuilder, PhaseMethods> {
  return {
    dualWrite: (options) => push(...dualWrite(options, make)),
    dropDualWrite: (options) => push(...dropDualWrite(options, make)),
  };
}

type DataMethods = 'execute' | 'run' | 'insertRows' | 'deleteRows' | 'backfill' | 'assert' | 'add';

function dataMethods(
  push: Push,
  runs: RunFunction[],
  list: RunReference['list'],
): Pick<OperationBuilder, DataMethods> {
  return {
    execute: (sql, options = {}) => {
      const { inverse } = options;
      push({
        kind: 'execute',
        sql,
        inverse: inverse === undefined ? null : typeof inverse === 'string' ? [inverse] : inverse,
        effect: toEffect(options.effect),
        transaction: options.transaction ?? true,
      });
    },
    run: (step, options = {}) => push({ kind: 'run', run: recordRun(runs, list, step, options), effect: [] }),
    insertRows: (table, rows, options = {}) =>
      push({ kind: 'insertRows', table: toRef(table), rows, key: options.key ?? null }),
    deleteRows: (table, rows, options = {}) =>
      push({ kind: 'deleteRows', table: toRef(table), rows, key: options.key ?? null }),
    backfill: (options) => push(toBackfill(options)),
    assert: (sql, message) => push({ kind: 'assert', sql, message }),
    add: (operation) => push(operation),
  };
}

/** JavaScript calls with anything. What a plan, a journal or a server would stumble over is refused where it is written. */
function refuseMalformed(operation: Operation): void {
  const wrong = wrongMembers(operation);
  if (wrong.length === 0) return;
  const kind = wrong[0] === 'kind' ? 'an operation' : operation.kind;
  throw new SurefootError('schema/invalid', `${kind} is not complete: ${wrong.join(', ')}`, {
    details: { object: kind, problem: wrong.join(', ') },
    hint: 'Call it as its types say; an editor or `tsc` shows what is wrong.',
  });
}

/** A builder for one function of a revision. */
export function createBuilder(
  list: RunReference['list'] = 'upgrade',
  place: () => Place | null = () => null,
  make?: MakeDualWrite,
): Recording {
  const operations: Operation[] = [];
  const places: (Place | null)[] = [];
  const runs: RunFunction[] = [];
  const push: Push = (...more) => {
    for (const one of more) refuseMalformed(one);
    operations.push(...more);
    // One object for what one call makes: so it can be told from what another call at the same place makes.
    const at = place();
    places.push(...more.map(() => at));
  };
  return {
    op: {
      ...tableMethods(push),
      ...partMethods(push),
      ...constraintMethods(push),
      ...objectMethods(push),
      ...routineMethods(push),
      ...dataMethods(push, runs, list),
      ...phaseMethods(push, make),
    },
    operations: () => operations,
    runs: () => runs,
    places: () => places,
  };
}
