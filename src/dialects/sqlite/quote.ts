import { SurefootError } from '../../kernel/errors.ts';
import type { Ref } from '../../schema/schema.ts';
import { isKeyword } from './keywords.ts';

/** An identifier in double quotes. SQLite ends its text at a NUL character, so such a name is refused. */
export function quote(identifier: string): string {
  if (identifier.includes('\0')) {
    throw new SurefootError('identifier/invalid', 'An identifier holds a NUL character.', {
      details: { identifier },
      hint: 'Rename the object.',
    });
  }
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A reference, with its namespace where it has one. */
export function quoteRef(ref: Ref): string {
  return ref.namespace === null ? quote(ref.name) : `${quote(ref.namespace)}.${quote(ref.name)}`;
}

/** A list of identifiers: `"a", "b"`. */
export function quoteList(identifiers: readonly string[]): string {
  return identifiers.map(quote).join(', ');
}

/** A string literal. NUL characters, which end SQLite's text, go through `char(0)`. */
export function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\0') ? `(${quoted.replaceAll('\0', "' || char(0) || '")})` : quoted;
}

/** The identifier as expressions write it once folded: bare where that is safe. */
export function spellIdentifier(identifier: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(identifier) && !isKeyword(identifier)
    ? identifier
    : quote(identifier);
}

/** True if SQLite takes both for the same name. It folds ASCII letters only. */
export function sameName(a: string, b: string): boolean {
  return foldName(a) === foldName(b);
}

/** The name as a key for look-ups: ASCII letters in lower case. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
