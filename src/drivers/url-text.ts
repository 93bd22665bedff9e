import { SurefootError } from '../kernel/errors.ts';

const forms = [
  'sqlite:./dev.db',
  'sqlite:///absolute/path.db',
  'sqlite::memory:',
  'postgres://user:password@host:5432/database',
  'mysql://user:password@host:3306/database',
  'mariadb://user:password@host:3306/database',
  'pglite:./folder',
  'pglite:',
];

/** What to do about signs of a URL that stand for themselves. */
export const encodeHint =
  'Percent-encode signs that mean something in a URL: / is %2F, @ is %40, # is %23, ? is %3F, : is %3A, % is %25.';

/** A URL that may be shown: its password, and everything that may be one, is replaced. */
export function redactUrl(url: string): string {
  // Greedy up to the last '@': a password with unescaped signs in it must not leak by half.
  return url
    .replace(/^([^:/?#]+:\/\/[^:/?#@]*):.*@/s, '$1:***@')
    .replace(/^((?!(?:sqlite3?|file|pglite)[:+])[^:@]*):(?!\/\/).*@/is, '$1:***@')
    .replace(/([?&](?:password|pass|pwd|sslpassword|ssl-key-password)=)[^&#]*/gi, '$1***');
}

/** Refuses a URL, without its secrets. */
export function refuseUrl(url: string, problem: string, hint?: string): never {
  const shown = redactUrl(url);
  throw new SurefootError('url/invalid', `${JSON.stringify(shown)} is not a database URL: ${problem}`, {
    details: { url: shown },
    hint: hint ?? `Forms: ${forms.join(', ')}`,
  });
}

/** Decodes a part of a URL. */
export function decodePart(url: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError)
      return refuseUrl(url, 'a "%" in it is not followed by two digits', encodeHint);
    throw error;
  }
}

/** The schema that a URL names in its query; `null`: none. */
export function schemaOfUrl(url: string): string | null {
  const query = /\?(.*)$/s.exec(url)?.[1];
  return query === undefined ? null : new URLSearchParams(query).get('schema');
}
