import { SurefootError } from '../../kernel/errors.ts';
import type { Ref } from '../../schema/schema.ts';
import { defaultPostgresTraits } from './traits.ts';

/** An identifier in double quotes. Refused where the server would cut it short or cannot hold it. */
export function quoteIdentifier(identifier: string): string {
  if (identifier === '' || identifier.includes('\0')) {
    throw new SurefootError('identifier/invalid', `${JSON.stringify(identifier)} cannot be an identifier.`, {
      details: { identifier },
      hint: 'An identifier has at least one character, and none of them is the null character.',
    });
  }
  const { length: limit, unit } = defaultPostgresTraits.maxIdentifier;
  const bytes = Buffer.byteLength(identifier, 'utf8');
  if (bytes > limit) {
    throw new SurefootError(
      'identifier/too-long',
      `The identifier "${identifier}" has ${bytes} bytes; PostgreSQL keeps only ${limit}.`,
      {
        details: { identifier, limit, unit },
        hint: 'Choose a shorter name: PostgreSQL would cut it in silence.',
      },
    );
  }
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A reference, with its namespace unless it is the default one. */
export function quoteRef(ref: Ref): string {
  const name = quoteIdentifier(ref.name);
  return ref.namespace === null ? name : `${quoteIdentifier(ref.namespace)}.${name}`;
}

/** A parenthesised list of identifiers. */
export function quoteList(identifiers: readonly string[]): string {
  return `(${identifiers.map(quoteIdentifier).join(', ')})`;
}

/** A string literal, whatever `standard_conforming_strings` says. */
export function quoteLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''");
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

/** A collation: a name, or text that is quoted already (`"ns"."name"`). */
export function quoteCollation(collation: string): string {
  return collation.startsWith('"') ? collation : quoteIdentifier(collation);
}
