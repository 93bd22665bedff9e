// Rules about PostgreSQL, in the order of their pages.

import type { Rule } from '../../rule.ts';
import { pgIndexNotConcurrent } from './pg-index-not-concurrent.ts';

export const postgresRules: readonly Rule[] = [pgIndexNotConcurrent];
