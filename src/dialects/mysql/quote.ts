import { SurefootError } from '../../kernel/errors.ts';
import type { CellValue } from '../../operations/operation.ts';
import type { Ref } from '../../schema/schema.ts';

/** The longest name of anything, in characters. */
export const maxNameLength = 64;

function problemOf(identifier: string): string | null {
  if (identifier === '') return 'is empty';
  if (identifier.includes('\0')) return 'holds a NUL character';
  if (/\s$/u.test(identifier)) return 'ends in a space, which the server refuses';
  // MySQL would store such a character as `?` without a word.
  if (/[\u{10000}-\u{10ffff}]/u.test(identifier)) return 'holds a character beyond the basic plane';
  return null;
}

/** Refuses a name that the server would refuse, cut or change. */
export function checkIdentifier(identifier: string): string {
  const problem = problemOf(identifier);
  if (problem !== null) {
    throw new SurefootError('identifier/invalid', `the name ${JSON.stringify(identifier)} ${problem}`, {
      details: { identifier },
      hint: 'choose another name',
    });
  }
  if ([...identifier].length > maxNameLength) {
    throw new SurefootError(
      'identifier/too-long',
      `the name ${JSON.stringify(identifier)} is longer than ${maxNameLength} characters`,
      { details: { identifier, limit: maxNameLength, unit: 'characters' }, hint: 'choose a shorter name' },
    );
  }
  return identifier;
}

/** An identifier in backticks. */
export function quote(identifier: string): string {
  return `\`${checkIdentifier(identifier).replaceAll('`', '``')}\``;
}

/** A table, view or routine: a namespace is another database. */
export function quoteRef(ref: Ref): string {
  return ref.namespace === null ? quote(ref.name) : `${quote(ref.namespace)}.${quote(ref.name)}`;
}

/** Names in backticks, with commas between them. */
export function quoteList(names: readonly string[]): string {
  return names.map(quote).join(', ');
}

/** A string literal, for a session without NO_BACKSLASH_ESCAPES. */
export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\0', '\\0')}'`;
}

/** A value of a row as SQL. */
export function cellSql(value: CellValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return literal(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if ('hex' in value) return `x'${value.hex}'`;
  return literal(JSON.stringify(value.json));
}
