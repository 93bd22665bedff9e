// All rules, in the order of their pages. In: nothing. Out: Rule[]. Must not know how they are used.

import type { Rule } from '../rule.ts';
import { commonRules } from './common/index.ts';
import { mysqlRules } from './mysql/index.ts';
import { postgresRules } from './postgres/index.ts';
import { sqliteRules } from './sqlite/index.ts';

export const rules: readonly Rule[] = [...commonRules, ...postgresRules, ...mysqlRules, ...sqliteRules];
