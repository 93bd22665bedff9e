// A migration of node-pg-migrate in SQL. In: its text. Out: both halves. Must not know revisions.

import type { ForeignSql } from '../sql-revision.ts';

const mark = (way: string) => new RegExp(`^\\s*--[\\s-]*${way}\\s+migration`, 'im');

function half(text: string, start: number, end: number | undefined): ForeignSql {
  const found = text.slice(start, end);
  // The mark itself, and the blank lines that belong to what it was searched by.
  const lead = /^\s*--[^\n]*\n?/.exec(found)?.[0] ?? '';
  const line = text.slice(0, start + lead.length).split('\n').length;
  return { text: found.slice(lead.length), line };
}

/** The halves of a file, as node-pg-migrate tells them; without marks all of it goes up. */
export function readSqlMigration(text: string): {
  readonly up: ForeignSql;
  readonly down: ForeignSql | null;
} {
  const up = text.search(mark('up'));
  const down = text.search(mark('down'));
  return {
    up: up >= 0 ? half(text, up, down < up ? undefined : down) : { text, line: 1 },
    down: down >= 0 ? half(text, down, up < down ? undefined : up) : null,
  };
}
