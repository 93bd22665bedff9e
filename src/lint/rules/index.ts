// All rules, in the order of their pages. In: nothing. Out: Rule[]. Must not know how they are used.

import type { Rule } from '../rule.ts';
import { dropColumn } from './drop-column.ts';
import { dropTable } from './drop-table.ts';
import { pgIndexNotConcurrent } from './pg-index-not-concurrent.ts';
import { renameColumn } from './rename-column.ts';

export const rules: readonly Rule[] = [dropTable, dropColumn, renameColumn, pgIndexNotConcurrent];
