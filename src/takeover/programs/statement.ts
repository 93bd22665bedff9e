// What a statement is, by its words.
// In: SQL, a family's syntax. Out: what becomes of it in a revision. Must not know a schema or a connection.

import type { SqlSyntax, SqlToken } from '../../kernel/sql-text.ts';
import { tokenize } from '../../kernel/sql-text.ts';

/**
 * `session`: transactions and settings, no part of a revision; `ask`: a question to the catalogue; `read`: a question to
 * rows; `rows`: a change of rows; `schema`: what the catalogue shows; `other`: what it may not show.
 */
export type StatementKind = 'session' | 'ask' | 'read' | 'rows' | 'schema' | 'other';

const setOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const sessionWords = setOf(
  `begin start commit end abort rollback savepoint release set reset use lock unlock vacuum analyze optimize checkpoint
  listen unlisten notify discard`,
);
const askWords = setOf('show describe desc explain pragma values');
const rowWords = setOf('insert update delete replace merge truncate copy load refresh');
const changing = setOf('create alter drop rename comment');

/** What the schema model holds. */
const modelled = setOf(
  'table column index view materialized sequence type trigger function procedure schema',
);

/** What `ALTER TABLE` may say that no schema model shows. */
const unseen =
  /\b(?:row\s+level\s+security|replica\s+identity|cluster\s+on|(?:enable|disable)\s+(?:always\s+|replica\s+)?(?:trigger|rule)|attach\s+partition|detach\s+partition|owner\s+to|set\s+\(|reset\s+\(|set\s+(?:storage|statistics|compression|logged|unlogged|tablespace)|inherit)\b/i;

/** Words that stand between the verb and what it is about. */
const between = setOf(
  'or replace if not exists unique fulltext spatial concurrently global local recursive trusted constraint only on definer algorithm undefined merge',
);

/** Functions that ask and change nothing. */
const harmless = setOf(
  `version current_schema current_schemas current_database database schema now user current_user session_user
  last_insert_id last_insert_rowid lastval found_rows row_count connection_id sqlite_version changes coalesce count exists
  to_regclass to_regtype quote_ident quote_literal format array_agg string_agg json_agg row_to_json json_build_object
  current_setting get_lock release_lock is_free_lock pg_advisory_lock pg_advisory_unlock pg_try_advisory_lock
  pg_advisory_xact_lock pg_try_advisory_xact_lock pg_backend_pid cast concat lower upper substring substr replace
  group_concat nullif greatest least max min sum in and or not as any all array row values over`,
);

/** A name without its quotes, in lower case. */
export const plain = (token: SqlToken): string =>
  token.kind === 'identifier' ? token.text.slice(1, -1) : token.text.toLowerCase();

const isName = ({ kind }: SqlToken): boolean => kind === 'word' || kind === 'identifier';

/** The tokens that say something. */
export function codeOf(sql: string, syntax: SqlSyntax): readonly SqlToken[] {
  return tokenize(sql, syntax).filter(
    ({ kind }) => kind !== 'space' && kind !== 'comment' && kind !== 'marker',
  );
}

/** A name in a statement, of one word or of two with a dot. */
export interface NameAt {
  readonly namespace: string | null;
  readonly name: string;
  /** The position behind it. */
  readonly next: number;
}

/** The name that stands at a position; `null`: none does. */
export function nameAt(tokens: readonly SqlToken[], position: number): NameAt | null {
  const first = tokens[position];
  if (first === undefined || !isName(first)) return null;
  const second = tokens[position + 2];
  if (tokens[position + 1]?.text === '.' && second !== undefined && isName(second))
    return { namespace: plain(first), name: plain(second), next: position + 3 };
  return { namespace: null, name: plain(first), next: position + 1 };
}

const catalogues = setOf('information_schema pg_catalog mysql performance_schema sys');
const isCatalogue = ({ namespace, name }: NameAt): boolean =>
  (namespace !== null && catalogues.has(namespace.toLowerCase())) ||
  catalogues.has(name.toLowerCase()) ||
  /^(?:pg_|sqlite_|pragma_)/.test(name) ||
  name === 'dual';

/** The tables that a question reads, but for those of the catalogue and for what the question itself names. */
export function tablesRead(tokens: readonly SqlToken[]): readonly NameAt[] {
  const named = new Set<string>();
  const found: NameAt[] = [];
  for (const [at, token] of tokens.entries()) {
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    const own = tokens[at - 1];
    if (word === 'as' && tokens[at + 1]?.text === '(' && own !== undefined) named.add(plain(own));
    if (word !== 'from' && word !== 'join') continue;
    const only = tokens[at + 1]?.text.toLowerCase() === 'only' ? 2 : 1;
    const name = nameAt(tokens, at + only);
    // `extract(year from x)`, `from unnest(…)`: no tables.
    if (name !== null && tokens[name.next]?.text !== '(' && !isCatalogue(name)) found.push(name);
  }
  return found.filter(({ namespace, name }) => namespace !== null || !named.has(name));
}

/** True where it calls what might do something. */
function callsUnknown(tokens: readonly SqlToken[]): boolean {
  return tokens.some((token, at) => {
    if (token.kind !== 'word' || tokens[at + 1]?.text !== '(') return false;
    const name = token.text.toLowerCase();
    return !harmless.has(name) && !/^(?:pg_get_|has_|obj_|col_|format|json|jsonb_|to_)/.test(name);
  });
}

function kindOfQuestion(tokens: readonly SqlToken[]): StatementKind {
  const words = tokens.flatMap(({ kind, text }) => (kind === 'word' ? [text.toLowerCase()] : []));
  const changes = words.some(
    (word, at) =>
      word === 'insert' ||
      word === 'delete' ||
      word === 'merge' ||
      (word === 'update' && words[at - 1] !== 'for'),
  );
  if (changes && words[0] === 'with') return 'rows';
  if (tablesRead(tokens).length > 0) return 'read';
  return callsUnknown(tokens) && !words.includes('from') ? 'other' : 'ask';
}

/** What `create`, `alter` and `drop` are about. */
function subjectOf(words: readonly string[]): string {
  return words.slice(1).find((word) => !between.has(word)) ?? '';
}

function kindOfChange(tokens: readonly SqlToken[], sql: string): StatementKind {
  const words = tokens.flatMap(({ kind, text }) => (kind === 'word' ? [text.toLowerCase()] : []));
  const [first, second] = words;
  if (first === 'rename') return 'schema';
  if (first === 'comment') return words[2] === 'table' || words[2] === 'column' ? 'schema' : 'other';
  if (second === 'temporary' || second === 'temp') return 'other';
  const subject = subjectOf(words);
  // Of what is beside the database nothing belongs to its history.
  if (subject === 'database') return 'session';
  if (!modelled.has(subject)) return 'other';
  if (subject === 'type' && first === 'create' && !words.includes('enum')) return 'other';
  return first === 'alter' && unseen.test(sql) ? 'other' : 'schema';
}

/** What a statement is. */
export function kindOf(sql: string, syntax: SqlSyntax): StatementKind {
  const tokens = codeOf(sql, syntax);
  const opening = tokens.find(({ text }) => text !== '(');
  const first = opening?.kind === 'word' ? opening.text.toLowerCase() : '';
  if (first === '' || sessionWords.has(first)) return 'session';
  if (first === 'pragma' && tokens.some(({ text }) => text === '=')) return 'session';
  if (askWords.has(first)) return 'ask';
  if (rowWords.has(first)) return 'rows';
  if (first === 'select' || first === 'with' || first === 'table') return kindOfQuestion(tokens);
  return changing.has(first) ? kindOfChange(tokens, sql) : 'other';
}

/** The table that rows are written to, and those that they come from; `null`: it is no such statement. */
export function rowsMoved(
  sql: string,
  syntax: SqlSyntax,
): { readonly into: NameAt; readonly from: readonly NameAt[] } | null {
  const tokens = codeOf(sql, syntax);
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'into');
  if (at < 0) return null;
  const into = nameAt(tokens, at + 1);
  return into === null ? null : { into, from: tablesRead(tokens.slice(into.next)) };
}
