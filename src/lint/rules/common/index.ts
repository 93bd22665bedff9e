// Rules about every database, in the order of their pages.

import type { Rule } from '../../rule.ts';
import { dropColumn } from './drop-column.ts';
import { dropTable } from './drop-table.ts';
import { renameColumn } from './rename-column.ts';

export const commonRules: readonly Rule[] = [dropTable, dropColumn, renameColumn];
