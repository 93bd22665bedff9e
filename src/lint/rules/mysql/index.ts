// Rules about MySQL and MariaDB, in the order of their pages.

import type { Rule } from '../../rule.ts';

export const mysqlRules: readonly Rule[] = [];
