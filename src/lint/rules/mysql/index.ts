// Rules about MySQL and MariaDB, in the order of their pages.

import type { Rule } from '../../rule.ts';
import { myAddCheck } from './my-add-check.ts';
import { myAddFk } from './my-add-fk.ts';
import { myAutoIncrementValue } from './my-auto-increment-value.ts';
import { myAutoPrefixIndex } from './my-auto-prefix-index.ts';
import { myCharsetConvert } from './my-charset-convert.ts';
import { myCompression } from './my-compression.ts';
import { myCopyAlgorithm } from './my-copy-algorithm.ts';
import { myDefaultCharsetOnly } from './my-default-charset-only.ts';
import { myDefiner } from './my-definer.ts';
import { myDisplayWidth } from './my-display-width.ts';
import { myDropFkIndex } from './my-drop-fk-index.ts';
import { myEmojiIdentifier } from './my-emoji-identifier.ts';
import { myEnumSetChange } from './my-enum-set-change.ts';
import { myExpressionDefault } from './my-expression-default.ts';
import { myFkNonUniqueParent } from './my-fk-non-unique-parent.ts';
import { myFkParentMdl } from './my-fk-parent-mdl.ts';
import { myFloatMoney } from './my-float-money.ts';
import { myInlineReferences } from './my-inline-references.ts';
import { myLockShared } from './my-lock-shared.ts';
import { myModifyDropsAttributes } from './my-modify-drops-attributes.ts';
import { myNoFailFast } from './my-no-fail-fast.ts';
import { myNonInnodb } from './my-non-innodb.ts';
import { myPartitionAlgorithm } from './my-partition-algorithm.ts';
import { mySqlModeBody } from './my-sql-mode-body.ts';
import { myTableRebuild } from './my-table-rebuild.ts';
import { myVarcharBoundary } from './my-varchar-boundary.ts';
import { myZeroDate } from './my-zero-date.ts';

export const mysqlRules: readonly Rule[] = [
  myCopyAlgorithm,
  myTableRebuild,
  myLockShared,
  myNoFailFast,
  myAddFk,
  myFkParentMdl,
  myAddCheck,
  myExpressionDefault,
  myEnumSetChange,
  myVarcharBoundary,
  myModifyDropsAttributes,
  myCharsetConvert,
  myDefaultCharsetOnly,
  myAutoIncrementValue,
  myAutoPrefixIndex,
  myInlineReferences,
  myFkNonUniqueParent,
  myDropFkIndex,
  myDefiner,
  mySqlModeBody,
  myNonInnodb,
  myCompression,
  myFloatMoney,
  myZeroDate,
  myDisplayWidth,
  myPartitionAlgorithm,
  myEmojiIdentifier,
];
