// Rules about PostgreSQL, in the order of their pages.

import type { Rule } from '../../rule.ts';
import { pgAddExclusion } from './pg-add-exclusion.ts';
import { pgAddIdentityOrSerialColumn } from './pg-add-identity-or-serial-column.ts';
import { pgAddPrimaryKey } from './pg-add-primary-key.ts';
import { pgAddUniqueConstraint } from './pg-add-unique-constraint.ts';
import { pgAttachScan } from './pg-attach-scan.ts';
import { pgAuthzChange } from './pg-authz-change.ts';
import { pgCharType } from './pg-char-type.ts';
import { pgCheckValidating } from './pg-check-validating.ts';
import { pgConcurrentlyInTransaction } from './pg-concurrently-in-transaction.ts';
import { pgDetachNotConcurrent } from './pg-detach-not-concurrent.ts';
import { pgDomainConstraint } from './pg-domain-constraint.ts';
import { pgDropIndexNotConcurrent } from './pg-drop-index-not-concurrent.ts';
import { pgEnumValueOrder } from './pg-enum-value-order.ts';
import { pgExtensionUpgrade } from './pg-extension-upgrade.ts';
import { pgFkValidating } from './pg-fk-validating.ts';
import { pgHashIndex } from './pg-hash-index.ts';
import { pgIndexCorruption14 } from './pg-index-corruption-14.ts';
import { pgIndexNotConcurrent } from './pg-index-not-concurrent.ts';
import { pgJsonColumn } from './pg-json-column.ts';
import { pgPartitionOfLock } from './pg-partition-of-lock.ts';
import { pgReindexNotConcurrent } from './pg-reindex-not-concurrent.ts';
import { pgSerial } from './pg-serial.ts';
import { pgSetNotNullScan } from './pg-set-not-null-scan.ts';
import { pgStoredGeneratedColumn } from './pg-stored-generated-column.ts';
import { pgTimestampWithoutTz } from './pg-timestamp-without-tz.ts';
import { pgTriggerFunctionDeps } from './pg-trigger-function-deps.ts';
import { pgTypeRewrite } from './pg-type-rewrite.ts';
import { pgUnlogged } from './pg-unlogged.ts';
import { pgUnqualifiedName } from './pg-unqualified-name.ts';
import { pgVacuumFullCluster } from './pg-vacuum-full-cluster.ts';
import { pgValidateWhileLocked } from './pg-validate-while-locked.ts';
import { pgVarcharLimit } from './pg-varchar-limit.ts';
import { pgVolatileDefault } from './pg-volatile-default.ts';

export const postgresRules: readonly Rule[] = [
  pgIndexNotConcurrent,
  pgDropIndexNotConcurrent,
  pgReindexNotConcurrent,
  pgConcurrentlyInTransaction,
  pgIndexCorruption14,
  pgAddUniqueConstraint,
  pgAddPrimaryKey,
  pgAddExclusion,
  pgFkValidating,
  pgCheckValidating,
  pgValidateWhileLocked,
  pgSetNotNullScan,
  pgVolatileDefault,
  pgStoredGeneratedColumn,
  pgAddIdentityOrSerialColumn,
  pgTypeRewrite,
  pgEnumValueOrder,
  pgDomainConstraint,
  pgDetachNotConcurrent,
  pgAttachScan,
  pgPartitionOfLock,
  pgVacuumFullCluster,
  pgJsonColumn,
  pgCharType,
  pgVarcharLimit,
  pgTimestampWithoutTz,
  pgSerial,
  pgUnqualifiedName,
  pgHashIndex,
  pgUnlogged,
  pgExtensionUpgrade,
  pgAuthzChange,
  pgTriggerFunctionDeps,
];
