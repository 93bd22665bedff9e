// Rules about SQLite, in the order of their pages.

import type { Rule } from '../../rule.ts';
import { sqliteAddCheckUnvalidated } from './sqlite-add-check-unvalidated.ts';
import { sqliteAddColumnLimits } from './sqlite-add-column-limits.ts';
import { sqliteAddColumnTypeStrict } from './sqlite-add-column-type-strict.ts';
import { sqliteAutoincrementReset } from './sqlite-autoincrement-reset.ts';
import { sqliteRebuildDropsObjects } from './sqlite-rebuild-drops-objects.ts';
import { sqliteRebuildFkOn } from './sqlite-rebuild-fk-on.ts';
import { sqliteRebuildRenameOldFirst } from './sqlite-rebuild-rename-old-first.ts';
import { sqliteRebuildSelectStar } from './sqlite-rebuild-select-star.ts';
import { sqliteRowidReset } from './sqlite-rowid-reset.ts';
import { sqliteTableRebuild } from './sqlite-table-rebuild.ts';

export const sqliteRules: readonly Rule[] = [
  sqliteTableRebuild,
  sqliteRebuildFkOn,
  sqliteRebuildRenameOldFirst,
  sqliteRebuildDropsObjects,
  sqliteRebuildSelectStar,
  sqliteAutoincrementReset,
  sqliteRowidReset,
  sqliteAddColumnLimits,
  sqliteAddCheckUnvalidated,
  sqliteAddColumnTypeStrict,
];
