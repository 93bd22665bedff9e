// Rules about every database, in the order of their pages.

import type { Rule } from '../../rule.ts';
import { addForeignKeyExisting } from './add-foreign-key-existing.ts';
import { addRequiredColumn } from './add-required-column.ts';
import { addUniqueExisting } from './add-unique-existing.ts';
import { changeDefault } from './change-default.ts';
import { changeType } from './change-type.ts';
import { createTableForce } from './create-table-force.ts';
import { createTrigger } from './create-trigger.ts';
import { dataUpdateWithDdl } from './data-update-with-ddl.ts';
import { dropColumn } from './drop-column.ts';
import { dropColumnUsedByIndex } from './drop-column-used-by-index.ts';
import { dropConstraint } from './drop-constraint.ts';
import { dropForeignKey } from './drop-foreign-key.ts';
import { dropNotNull } from './drop-not-null.ts';
import { dropSchema } from './drop-schema.ts';
import { dropTable } from './drop-table.ts';
import { dropView } from './drop-view.ts';
import { duplicateIndex } from './duplicate-index.ts';
import { fkMissingIndex } from './fk-missing-index.ts';
import { fkTypeMismatch } from './fk-type-mismatch.ts';
import { multiDdl } from './multi-ddl.ts';
import { multipleForeignKeys } from './multiple-foreign-keys.ts';
import { nameCase } from './name-case.ts';
import { narrowType } from './narrow-type.ts';
import { nestedTransaction } from './nested-transaction.ts';
import { rawSqlUnparsed } from './raw-sql-unparsed.ts';
import { renameColumn } from './rename-column.ts';
import { renameConstraint } from './rename-constraint.ts';
import { renameEnumValue } from './rename-enum-value.ts';
import { renameIndex } from './rename-index.ts';
import { renameSchema } from './rename-schema.ts';
import { renameTable } from './rename-table.ts';
import { replaceIndexOrder } from './replace-index-order.ts';
import { replaceView } from './replace-view.ts';
import { reservedWord } from './reserved-word.ts';
import { setNotNull } from './set-not-null.ts';
import { shortPrimaryKey } from './short-primary-key.ts';
import { tableWithoutPrimaryKey } from './table-without-primary-key.ts';
import { truncate } from './truncate.ts';
import { wideIndex } from './wide-index.ts';

export const commonRules: readonly Rule[] = [
  dropTable,
  dropSchema,
  dropColumn,
  dropColumnUsedByIndex,
  renameTable,
  renameColumn,
  renameSchema,
  renameEnumValue,
  renameConstraint,
  renameIndex,
  addRequiredColumn,
  setNotNull,
  dropNotNull,
  narrowType,
  changeType,
  changeDefault,
  addUniqueExisting,
  addForeignKeyExisting,
  dropForeignKey,
  dropConstraint,
  fkMissingIndex,
  fkTypeMismatch,
  multipleForeignKeys,
  dataUpdateWithDdl,
  truncate,
  rawSqlUnparsed,
  createTableForce,
  shortPrimaryKey,
  tableWithoutPrimaryKey,
  wideIndex,
  duplicateIndex,
  replaceIndexOrder,
  reservedWord,
  nameCase,
  nestedTransaction,
  dropView,
  replaceView,
  createTrigger,
  multiDdl,
];
