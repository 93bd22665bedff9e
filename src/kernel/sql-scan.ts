// Cuts SQL text into tokens, in one pass.
// In: text and the facts about a family's spelling. Out: tokens. Must not know what a statement means.

/**
 * How a family's SQL is cut into tokens. Two things follow from the members and have none of their own: `…` quotes
 * an identifier wherever there are no dollar quotes, and […] does where there are no hash comments either.
 */
export interface SqlSyntax {
  /** `$tag$ … $tag$` (PostgreSQL). */
  readonly dollarQuotes: boolean;
  /** A backslash escapes inside '…' (MySQL); PostgreSQL only in E'…'. */
  readonly backslashEscapes: boolean;
  /** `# …` up to the end of the line (MySQL); with it comments that open with `/*!` are code, and `--` needs a blank behind it. */
  readonly hashComments: boolean;
  /** Comments nest (PostgreSQL). */
  readonly nestedComments: boolean;
  /** "…" is a string (MySQL without ANSI_QUOTES), not an identifier. */
  readonly doubleQuotedStrings: boolean;
  /** Bodies between BEGIN and END of triggers and routines hold semicolons. */
  readonly compoundBodies: boolean;
}

/**
 * `identifier` is a quoted one, `word` a keyword or a bare name, `marker` the opening or the end of a comment whose
 * text is code (`/*!50003`). What is not closed reaches to the end of the text.
 */
export type SqlTokenKind =
  | 'space'
  | 'comment'
  | 'marker'
  | 'word'
  | 'identifier'
  | 'string'
  | 'number'
  | 'operator';

export interface SqlToken {
  readonly kind: SqlTokenKind;
  readonly text: string;
  /** Offset of the first character. */
  readonly start: number;
  readonly end: number;
}

/** Reads token after token; `seek` continues somewhere else. */
export interface SqlScanner {
  next(): SqlToken | null;
  seek(offset: number): void;
}

const space = /\s+/y;
const commentEdge = /\/\*|\*\//g;
const versionComment = /\/\*M?!\d*/y;
const word = /[A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*/uy;
const number = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[\w$]*/iy;
const dollarTag = /\$(?:[A-Za-z_\u{80}-\u{10ffff}][\w\u{80}-\u{10ffff}]*)?\$/uy;
const parameter = /\$\d+/y;
/** At most as long as PostgreSQL lets a name be, so that a run is not read over and over. */
const operatorRun = /::|:=|[+\-*/<>=~!@#%^&|`?]{1,63}/y;
const knownOperator = /<=>|<=|>=|<>|!=|\|\||&&|->>?|:=|<<|>>|==/y;
const stringPrefix = /^(?:[ebxn]|u&)$/i;
const unicodePrefix = /u&(?=['"])/iy;
/** PostgreSQL: only an operator with one of these in it may end in a sign. */
const mayEndInSign = /[~!@#%^&|`?]/;

/** The match of a sticky expression at an offset, as its end; -1 where there is none. */
function endAt(expression: RegExp, sql: string, offset: number): number {
  expression.lastIndex = offset;
  return expression.test(sql) ? expression.lastIndex : -1;
}

function endOfLine(sql: string, offset: number): number {
  const end = sql.indexOf('\n', offset);
  return end < 0 ? sql.length : end;
}

/** The end of a text in quotes that starts at `offset`: a doubled quote stands for itself. */
function endOfQuoted(sql: string, offset: number, style: { close: string; backslash: boolean }): number {
  for (let at = offset + 1; at < sql.length; at++) {
    const char = sql[at];
    if (char === '\\' && style.backslash) at++;
    else if (char === style.close) {
      if (sql[at + 1] !== style.close) return at + 1;
      at++;
    }
  }
  return sql.length;
}

function endOfComment(sql: string, offset: number, nested: boolean): number {
  if (!nested) {
    const end = sql.indexOf('*/', offset + 2);
    return end < 0 ? sql.length : end + 2;
  }
  let depth = 1;
  commentEdge.lastIndex = offset + 2;
  for (let edge = commentEdge.exec(sql); edge; edge = commentEdge.exec(sql)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return commentEdge.lastIndex;
  }
  return sql.length;
}

function endOfDollarQuoted(sql: string, offset: number): number {
  const opened = endAt(dollarTag, sql, offset);
  if (opened < 0) return -1;
  const tag = sql.slice(offset, opened);
  const close = sql.indexOf(tag, opened);
  return close < 0 ? sql.length : close + tag.length;
}

/** The longest operator: PostgreSQL's own rule, where users define operators; elsewhere the known ones. */
function endOfOperator(sql: string, offset: number, syntax: SqlSyntax): number {
  const runEnd = endAt(syntax.dollarQuotes ? operatorRun : knownOperator, sql, offset);
  if (runEnd < 0) return offset + 1;
  let run = sql.slice(offset, runEnd);
  const comment = run.search(/--|\/\*/);
  if (comment > 0) run = run.slice(0, comment);
  if (mayEndInSign.test(run)) return offset + run.length;
  return offset + run.length - (/(?<=.)[+-]*$/.exec(run)?.[0].length ?? 0);
}

type Found = readonly [kind: SqlTokenKind, end: number] | null;

function scanComment(sql: string, at: number, syntax: SqlSyntax): Found {
  const char = sql[at];
  if (char === '#') return syntax.hashComments ? ['comment', endOfLine(sql, at)] : null;
  if (char === '-') {
    if (sql[at + 1] !== '-') return null;
    const third = sql[at + 2];
    if (syntax.hashComments && third !== undefined && third > ' ') return null;
    return ['comment', endOfLine(sql, at)];
  }
  if (char !== '/' || sql[at + 1] !== '*') return null;
  const version = syntax.hashComments ? endAt(versionComment, sql, at) : -1;
  if (version > 0) return ['marker', version];
  return ['comment', endOfComment(sql, at, syntax.nestedComments)];
}

function scanQuoted(sql: string, at: number, syntax: SqlSyntax): Found {
  const backslash = syntax.backslashEscapes;
  switch (sql[at]) {
    case "'":
      return ['string', endOfQuoted(sql, at, { close: "'", backslash })];
    case '"':
      return syntax.doubleQuotedStrings
        ? ['string', endOfQuoted(sql, at, { close: '"', backslash })]
        : ['identifier', endOfQuoted(sql, at, { close: '"', backslash: false })];
    case '`':
      if (syntax.dollarQuotes) return null;
      return ['identifier', endOfQuoted(sql, at, { close: '`', backslash: false })];
    case '[': {
      if (syntax.dollarQuotes || syntax.hashComments) return null;
      const close = sql.indexOf(']', at);
      return ['identifier', close < 0 ? sql.length : close + 1];
    }
    case '$': {
      const end = syntax.dollarQuotes ? endOfDollarQuoted(sql, at) : -1;
      return end < 0 ? null : ['string', end];
    }
    default:
      return null;
  }
}

/** A word, or the string or identifier whose prefix it is (E'…', X'…', U&"…"). */
function scanWord(sql: string, at: number, syntax: SqlSyntax): Found {
  const unicode = syntax.dollarQuotes ? endAt(unicodePrefix, sql, at) : -1;
  const end = unicode > 0 ? unicode : endAt(word, sql, at);
  if (end < 0) return null;
  const quote = sql[end];
  const prefix = quote === "'" || unicode > 0 ? sql.slice(at, end) : '';
  if (!stringPrefix.test(prefix)) return ['word', end];
  const escapes = syntax.dollarQuotes && /^e$/i.test(prefix);
  if (escapes) return ['string', endOfQuoted(sql, end, { close: "'", backslash: true })];
  return scanQuoted(sql, end, syntax);
}

function scanNumber(sql: string, at: number): Found {
  const end = endAt(number, sql, at);
  if (end > 0) return ['number', end];
  const placeholder = endAt(parameter, sql, at);
  return placeholder > 0 ? ['number', placeholder] : null;
}

/** Opens a text for reading, token by token, from its start. */
export function openScanner(sql: string, syntax: SqlSyntax): SqlScanner {
  let at = 0;
  let openMarkers = 0;
  const find = (): readonly [kind: SqlTokenKind, end: number] => {
    const blank = endAt(space, sql, at);
    if (blank > 0) return ['space', blank];
    if (openMarkers > 0 && sql.startsWith('*/', at)) return ['marker', at + 2];
    return (
      scanComment(sql, at, syntax) ??
      scanQuoted(sql, at, syntax) ??
      scanWord(sql, at, syntax) ??
      scanNumber(sql, at) ?? ['operator', endOfOperator(sql, at, syntax)]
    );
  };
  return {
    next() {
      if (at >= sql.length) return null;
      const start = at;
      const [kind, end] = find();
      const text = sql.slice(start, end);
      if (kind === 'marker') openMarkers += text === '*/' ? -1 : 1;
      at = end;
      return { kind, text, start, end };
    },
    seek(offset) {
      at = offset;
    },
  };
}

/** All tokens of a text, spaces and comments too: joined they give the text again. */
export function tokenize(sql: string, syntax: SqlSyntax): readonly SqlToken[] {
  const scanner = openScanner(sql, syntax);
  const tokens: SqlToken[] = [];
  for (let token = scanner.next(); token; token = scanner.next()) tokens.push(token);
  return tokens;
}

/** False for spaces and comments. */
export function isCode(token: SqlToken): boolean {
  return token.kind !== 'space' && token.kind !== 'comment';
}
