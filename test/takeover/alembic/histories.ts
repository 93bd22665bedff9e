// In: nothing. Out: the written histories, where each runs, and what is known of it.
// Must not know: how they are compared.

import { join } from 'node:path';
import type { Engine } from '../../servers/index.ts';

export interface WrittenHistory {
  readonly name: string;
  readonly folder: string;
  readonly engines: readonly Engine[];
  /** Every second file has the line ends of Windows. */
  readonly windows?: boolean;
}

const all: readonly Engine[] = ['sqlite', 'postgres18', 'mariadb'];

const given: readonly Omit<WrittenHistory, 'folder'>[] = [
  { name: 'flask-todo', engines: all, windows: true },
  { name: 'many-databases', engines: all },
  { name: 'fastapi-sqlmodel', engines: all },
  { name: 'expand-contract', engines: all },
  { name: 'postgres-api', engines: ['postgres18'] },
  { name: 'mariadb-shop', engines: ['mariadb'] },
  { name: 'flask-binds', engines: ['sqlite'] },
];

export const writtenHistories: readonly WrittenHistory[] = given.map((one) => ({
  ...one,
  folder: join(import.meta.dirname, '../histories', one.name),
}));
