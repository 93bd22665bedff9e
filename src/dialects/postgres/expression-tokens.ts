// An expression cut into tokens.
// In: text. Out: tokens with their meaning, `null` for text that cannot be cut. Must not know grammar.

/** A piece of an expression. `name` is an identifier as the server reads it. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'operator' | 'punctuation';
  readonly text: string;
}

const pattern =
  /(\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|((?:[eE]|[bBxX]|[uU]&)?'(?:[^']|'')*')|("(?:[^"]|"")+")|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_$]*)|(::|[(),.[\]:;])|([+\-*/<>=~!@#%^&|`?]+)/uy;

const special = /^[eEbBxXuU]/;

/** Tokens of the text; `null` where something is not a plain token (a dollar quote, a backslash string). */
export function tokensOf(sql: string): readonly Token[] | null {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < sql.length) {
    const found = pattern.exec(sql);
    if (found === null) return null;
    const token = tokenOf(found);
    if (token === 'beyond') return null;
    if (token !== null) tokens.push(token);
  }
  return tokens;
}

function tokenOf(found: RegExpExecArray): Token | null | 'beyond' {
  const [, space, string, quoted, number, word, punctuation, operator] = found;
  if (space !== undefined) return null;
  if (string !== undefined) return special.test(string) ? 'beyond' : { kind: 'string', text: string };
  if (quoted !== undefined) return { kind: 'name', text: quoted.slice(1, -1).replaceAll('""', '"') };
  if (number !== undefined) return { kind: 'number', text: number };
  if (word !== undefined) return { kind: 'word', text: word.toLowerCase() };
  if (punctuation !== undefined) return { kind: 'punctuation', text: punctuation };
  // `a>-1`, `/*` and `--` inside of an operator: the server has rules for these, we do without.
  const text = operator ?? '';
  if (text.includes('--') || text.includes('/*')) return 'beyond';
  if (text.length > 1 && /[+-]$/.test(text) && !/[~!@#%^&|`?]/.test(text)) return 'beyond';
  return { kind: 'operator', text };
}

/** Words that must be quoted to be names (PostgreSQL 18, all categories but the unreserved one). */
const keywords = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
  desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
  grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
  json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
  lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize
  not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision
  primary real references returning right row select session_user setof similar smallint some substring symmetric
  system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar
  variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces
  xmlparse xmlpi xmlroot xmlserialize xmltable`.split(/\s+/),
);

/** A name as the server would write it: in quotes only where it needs them. */
export function writeName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** True for a word that cannot be the name of a column when it stands without quotes. */
export function isKeyword(word: string): boolean {
  return keywords.has(word);
}
