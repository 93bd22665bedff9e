// Flyway's placeholders. In: SQL, what the config says. Out: SQL with the values, and the names that have none.
// Must not know files.

import type { FlywayConfig } from './config.ts';

/** A placeholder without a value. */
export interface Unfilled {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

const escaped = (text: string) => text.replaceAll(/[\\^$.|?+()[\]{}*]/g, '\\$&');

/** Puts values in, as Flyway does: in strings and comments, too. */
export function fillPlaceholders(
  text: string,
  { prefix, suffix, placeholders, replaces }: FlywayConfig,
): { readonly text: string; readonly unfilled: readonly Unfilled[] } {
  if (!replaces) return { text, unfilled: [] };
  const unfilled: Unfilled[] = [];
  const pattern = new RegExp(`${escaped(prefix)}([^\\s{}]*?)${escaped(suffix)}`, 'g');
  const filled = text.replaceAll(pattern, (whole: string, name: string, offset: number) => {
    const value = placeholders.get(name.toLowerCase());
    if (value !== undefined) return value;
    unfilled.push({ name, line: text.slice(0, offset).split('\n').length });
    return whole;
  });
  return { text: filled, unfilled };
}
