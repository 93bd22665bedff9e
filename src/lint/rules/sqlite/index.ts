// Rules about SQLite, in the order of their pages.

import type { Rule } from '../../rule.ts';

export const sqliteRules: readonly Rule[] = [];
