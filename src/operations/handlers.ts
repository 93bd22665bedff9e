import { addCheck } from './add-check.ts';
import { addColumn } from './add-column.ts';
import { addEnumValue } from './add-enum-value.ts';
import { addForeignKey } from './add-foreign-key.ts';
import { addPrimaryKey } from './add-primary-key.ts';
import { addUnique } from './add-unique.ts';
import { alterColumn } from './alter-column.ts';
import { assert } from './assert.ts';
import { backfill } from './backfill.ts';
import { createEnum } from './create-enum.ts';
import { createIndex } from './create-index.ts';
import { createNamespace } from './create-namespace.ts';
import { createRoutine } from './create-routine.ts';
import { createSequence } from './create-sequence.ts';
import { createTable } from './create-table.ts';
import { createTrigger } from './create-trigger.ts';
import { createView } from './create-view.ts';
import { deleteRows } from './delete-rows.ts';
import { dropCheck } from './drop-check.ts';
import { dropColumn } from './drop-column.ts';
import { dropEnum } from './drop-enum.ts';
import { dropForeignKey } from './drop-foreign-key.ts';
import { dropIndex } from './drop-index.ts';
import { dropNamespace } from './drop-namespace.ts';
import { dropPrimaryKey } from './drop-primary-key.ts';
import { dropRoutine } from './drop-routine.ts';
import { dropSequence } from './drop-sequence.ts';
import { dropTable } from './drop-table.ts';
import { dropTrigger } from './drop-trigger.ts';
import { dropUnique } from './drop-unique.ts';
import { dropView } from './drop-view.ts';
import { execute } from './execute.ts';
import type { OperationHandler } from './handler.ts';
import { insertRows } from './insert-rows.ts';
import type { OperationKind } from './operation.ts';
import { renameColumn } from './rename-column.ts';
import { renameTable } from './rename-table.ts';
import { run } from './run.ts';
import { setColumnComment } from './set-column-comment.ts';
import { setTableComment } from './set-table-comment.ts';
import { validateConstraint } from './validate-constraint.ts';

/** Every kind's handler. Leave one out and the compiler names it. */
export const handlers: { readonly [K in OperationKind]: OperationHandler<K> } = {
  createTable,
  dropTable,
  renameTable,
  setTableComment,
  addColumn,
  dropColumn,
  renameColumn,
  alterColumn,
  setColumnComment,
  createIndex,
  dropIndex,
  addPrimaryKey,
  dropPrimaryKey,
  addUnique,
  dropUnique,
  addForeignKey,
  dropForeignKey,
  addCheck,
  dropCheck,
  validateConstraint,
  createEnum,
  dropEnum,
  addEnumValue,
  createNamespace,
  dropNamespace,
  createView,
  dropView,
  createTrigger,
  dropTrigger,
  createRoutine,
  dropRoutine,
  createSequence,
  dropSequence,
  execute,
  run,
  insertRows,
  deleteRows,
  backfill,
  assert,
};
