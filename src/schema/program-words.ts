// What the names in a program's SQL mean: a view's SELECT, or the statement that creates a trigger.
// In: its text. Out: the words that name tables, and those that name columns, with what each can be about.
// Must not know which tables there are, nor a server: good enough for what views and triggers of every family say.

/** A name where it stands. A bare one is the same in any case. */
export interface Word {
  readonly name: string;
  readonly isBare: boolean;
  readonly start: number;
  readonly end: number;
}

/** What a query reads: a table, or what another query gives. */
export interface Source {
  readonly table: Word | null;
  readonly query: Scope | null;
  alias: string | null;
  /** True: its columns are said with its alias only (NEW and OLD). */
  readonly isQualified: boolean;
}

/** A query or statement: what its words are looked up in, before those around it. */
export interface Scope {
  readonly parent: Scope | null;
  readonly sources: Source[];
  /** Names that it gives to what it selects. */
  readonly outputs: Set<string>;
  /** Queries with names, as of WITH. */
  readonly named: Map<string, Scope>;
}

type Clause = 'none' | 'select' | 'from' | 'order' | 'with' | 'other';

/** A column, or all of a table (`null`), as a query says it. */
export interface ColumnWord {
  readonly scope: Scope;
  readonly clause: Clause;
  readonly qualifier: Word | null;
  readonly column: Word | null;
  /** True where the query gives it as it is, under its own name. */
  readonly isGiven: boolean;
}

/** Names of tables, and what they are in. */
export interface TableWord {
  readonly scope: Scope;
  readonly table: Word;
}

export interface ProgramWords {
  /** The query whose columns are those of the whole. */
  readonly result: Scope;
  readonly tables: readonly TableWord[];
  readonly columns: readonly ColumnWord[];
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'value' | 'sign';
  /** Without its quotes; of a word, as it is written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A part of the text between parentheses, or the whole. */
interface Frame {
  readonly kind: 'query' | 'join' | 'other';
  /** What is around the queries in it. */
  readonly base: Scope | null;
  scope: Scope;
  clause: Clause;
  /** True where a table's name comes next. */
  expects: boolean;
  /** What an alias may follow now. */
  open: Source | null;
  /** The table that rows are inserted into. */
  insert: Scope | null;
  /** What the query between these parentheses is for those around it. */
  readonly closes: Source | null;
}

interface Reading {
  readonly tokens: readonly Token[];
  at: number;
  readonly frames: Frame[];
  readonly tables: TableWord[];
  readonly columns: ColumnWord[];
}

const pattern =
  /('(?:[^']|'')*'|\d[\p{L}\p{N}_.]*)|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\p{L}_][\p{L}\p{N}_$]*)|(\S)/gu;

function tokensOf(sql: string): readonly Token[] {
  return [...sql.matchAll(pattern)].flatMap((match): readonly Token[] => {
    const [whole, value, double, back, bracket, word, sign] = match;
    const place = { start: match.index, end: match.index + whole.length };
    if (value !== undefined) return [{ kind: 'value', text: value, ...place }];
    if (word !== undefined) return [{ kind: 'word', text: word, ...place }];
    if (sign !== undefined) return [{ kind: 'sign', text: sign, ...place }];
    const quoted = double?.replaceAll('""', '"') ?? back?.replaceAll('``', '`') ?? bracket;
    return quoted === undefined ? [] : [{ kind: 'quoted', text: quoted, ...place }];
  });
}

/** Words between operands, and those that begin what follows a table: none is a name, unless it is quoted or has a dot. */
const inert: ReadonlySet<string> = new Set(
  `all and any as asc at before begin between by case collate create cross current_date current_time current_timestamp
  default delete desc distinct div do each else end escape except execute exists false for force from full function
  glob group having if ilike in inner insert instead intersect interval into is isnull join lateral left like limit
  match mod natural not notnull null nulls of offset on only or order outer over partition procedure
  recursive regexp replace returning right rlike row rows select set similar straight_join table tablesample then to
  trigger true union update using values when where window with within xor`.split(/\s+/),
);

/** Of those, what an expression may end in. */
const operands: ReadonlySet<string> = new Set(
  'current_date current_time current_timestamp end false null true'.split(' '),
);

const newScope = (parent: Scope | null): Scope => ({
  parent,
  sources: [],
  outputs: new Set(),
  named: new Map(),
});

const newFrame = (frame: Pick<Frame, 'kind' | 'base' | 'scope'> & Partial<Frame>): Frame => ({
  clause: 'none',
  expects: false,
  open: null,
  insert: null,
  closes: null,
  ...frame,
});

const top = ({ frames }: Reading): Frame => frames.at(-1) as Frame;
const isSign = (token: Token | undefined, text: string) => token?.kind === 'sign' && token.text === text;
const wordOf = (token: Token | undefined) => (token?.kind === 'word' ? token.text.toLowerCase() : '');
const before = ({ tokens, at }: Reading, by = 1): Token | undefined => tokens[at - by];
const after = ({ tokens, at }: Reading): Token | undefined => tokens[at + 1];

const source = (given: Partial<Source>): Source => ({
  table: null,
  query: null,
  alias: null,
  isQualified: false,
  ...given,
});

/** A statement of its own. */
function begin(frame: Frame, clause: Clause): Scope {
  frame.scope = newScope(frame.base);
  frame.clause = clause;
  return frame.scope;
}

const goTo =
  (clause: Clause) =>
  (_: Reading, frame: Frame): void => {
    frame.clause = clause;
  };

function expectTable(_: Reading, frame: Frame): void {
  frame.clause = 'from';
  frame.expects = true;
}

function insert(_: Reading, frame: Frame): void {
  frame.insert = begin(frame, 'other');
}

/** What is to be done with a row that is there already is said of the table, after VALUES or a SELECT. */
function onConflict(reading: Reading, frame: Frame): void {
  if (wordOf(before(reading)) !== 'on' || frame.insert === null) return;
  frame.scope = frame.insert;
  frame.clause = 'other';
}

const keywords: Readonly<Record<string, (reading: Reading, frame: Frame) => void>> = {
  select: (_, frame) => {
    const isFresh = frame.clause === 'none' || frame.clause === 'with';
    if (isFresh) frame.clause = 'select';
    else begin(frame, 'select');
  },
  from: (reading, frame) => {
    if (wordOf(before(reading)) !== 'distinct') expectTable(reading, frame);
  },
  join: expectTable,
  straight_join: expectTable,
  into: expectTable,
  where: goTo('other'),
  group: goTo('other'),
  having: goTo('other'),
  window: goTo('other'),
  limit: goTo('other'),
  set: goTo('other'),
  values: goTo('other'),
  returning: goTo('other'),
  order: goTo('order'),
  insert,
  replace: insert,
  conflict: onConflict,
  duplicate: onConflict,
  delete: (_, frame) => {
    begin(frame, 'other');
  },
  update: (reading, frame) => {
    if (['do', 'key', 'for'].includes(wordOf(before(reading)))) return;
    begin(frame, 'from');
    frame.expects = true;
  },
  with: (reading, frame) => {
    const last = before(reading);
    if (!last || isSign(last, '(') || isSign(last, ';') || wordOf(last) === 'as') frame.clause = 'with';
  },
};

const inParentheses = new Set(['join', 'straight_join']);

function keyword(reading: Reading, word: string): void {
  const frame = top(reading);
  if (word !== 'as') frame.open = null;
  const isHere = frame.kind === 'query' || (frame.kind === 'join' && inParentheses.has(word));
  const isCall = isSign(after(reading), '(') && (word === 'replace' || word === 'insert');
  if (isHere && !isCall) keywords[word]?.(reading, frame);
}

const startsQuery = new Set(['select', 'with', 'values']);

function openParenthesis(reading: Reading): void {
  const { frames } = reading;
  const frame = top(reading);
  const { scope, expects } = frame;
  frame.open = null;
  if (startsQuery.has(wordOf(after(reading)))) {
    const inner = newScope(scope);
    const closes = source({ query: inner });
    const name = frame.clause === 'with' ? [...scope.named.keys()].at(-1) : undefined;
    if (name !== undefined) scope.named.set(name, inner);
    if (expects) scope.sources.push(closes);
    frame.expects = false;
    frames.push(newFrame({ kind: 'query', base: scope, scope: inner, closes: expects ? closes : null }));
  } else if (expects) {
    frame.expects = false;
    frames.push(newFrame({ kind: 'join', base: scope, scope, clause: 'from', expects: true }));
  } else frames.push(newFrame({ kind: 'other', base: scope, scope, clause: frame.clause }));
}

function sign(reading: Reading, text: string): void {
  const frame = top(reading);
  if (text === '(') openParenthesis(reading);
  else if (text === ')' && reading.frames.length > 1) {
    reading.frames.pop();
    top(reading).open = frame.closes;
  } else {
    frame.open = null;
    if (text === ',' && frame.clause === 'from' && frame.kind !== 'other') frame.expects = true;
    if (text === ';' && frame.kind === 'query') begin(frame, 'none');
    if (text === '*' && frame.clause === 'select' && frame.kind === 'query')
      reading.columns.push({
        scope: frame.scope,
        clause: 'select',
        qualifier: null,
        column: null,
        isGiven: true,
      });
  }
}

/** `a.b.c`, or `a.*` with nothing at its end; the reading stands on its last token then. */
function chainAt(reading: Reading): readonly (Word | null)[] {
  const { tokens } = reading;
  const chain: (Word | null)[] = [];
  for (;;) {
    const { kind, text, start, end } = tokens[reading.at] as Token;
    chain.push(kind === 'sign' ? null : { name: text, isBare: kind === 'word', start, end });
    const next = tokens[reading.at + 2];
    if (!isSign(after(reading), '.') || !next || (next.kind === 'sign' && next.text !== '*')) return chain;
    reading.at += 2;
  }
}

function readTable(reading: Reading, frame: Frame, table: Word): void {
  frame.expects = false;
  const isCall = isSign(after(reading), '(') && wordOf(before(reading)) !== 'into';
  const query = namedQuery(frame.scope, table.name);
  const read = source(isCall ? {} : query ? { query, alias: table.name } : { table });
  if (read.table) reading.tables.push({ scope: frame.scope, table });
  frame.scope.sources.push(read);
  if (frame.insert === frame.scope)
    frame.scope.sources.push({ ...read, alias: 'excluded', isQualified: true });
  frame.open = read;
}

function namedQuery(scope: Scope | null, name: string): Scope | undefined {
  if (scope === null) return undefined;
  return scope.named.get(name.toLowerCase()) ?? namedQuery(scope.parent, name);
}

/** True for what comes directly behind an expression of the list, with or without AS. */
function isAlias(reading: Reading, from: number, frame: Frame): boolean {
  const last = reading.tokens[from - 1];
  if (wordOf(last) === 'as') return true;
  if (frame.kind !== 'query' || frame.clause !== 'select' || !last) return false;
  if (last.kind === 'word') return !inert.has(wordOf(last)) || operands.has(wordOf(last));
  return last.kind !== 'sign' || last.text === ')';
}

const begins = new Set(['select', 'distinct', 'all']);
const ends = new Set(['from', 'union', 'except', 'intersect', 'where', 'order', 'limit']);

/** True for what is an item of a query's list by itself. */
function isItem(reading: Reading, from: number, frame: Frame): boolean {
  if (frame.kind !== 'query' || frame.clause !== 'select') return false;
  const [last, following] = [reading.tokens[from - 1], after(reading)];
  const isFirst = isSign(last, ',') || begins.has(wordOf(last));
  const isLast = following === undefined || [',', ')', ';'].some((text) => isSign(following, text));
  return isFirst && (isLast || ends.has(wordOf(following)));
}

/** The name of a type, a collation or a variable. */
const isForeign = (last: Token | undefined): boolean =>
  wordOf(last) === 'collate' || isSign(last, ':') || isSign(last, '@');

function name(reading: Reading): void {
  const from = reading.at;
  const chain = chainAt(reading);
  const frame = top(reading);
  const [column = null, qualifier = null] = chain.toReversed();
  if (frame.expects && column) readTable(reading, frame, column);
  else if (frame.open !== null && column) {
    frame.open.alias = column.name;
    frame.open = null;
  } else if (frame.clause === 'with' && frame.kind === 'query' && column)
    frame.scope.named.set(column.name.toLowerCase(), newScope(frame.scope));
  else if (qualifier === null && column && isAlias(reading, from, frame))
    frame.scope.outputs.add(column.name.toLowerCase());
  else if (!isForeign(reading.tokens[from - 1]) && !(isSign(after(reading), '(') && qualifier === null))
    reading.columns.push({
      scope: frame.scope,
      clause: frame.clause,
      qualifier,
      column,
      isGiven: isItem(reading, from, frame),
    });
}

/** The head of a trigger: its table, and the columns that it waits for. The reading then stands behind it. */
function readHead(reading: Reading): void {
  const { tokens } = reading;
  const created = tokens.slice(0, 8).findIndex((token) => wordOf(token) === 'trigger');
  const on = tokens.findIndex((token, i) => i > created + 1 && wordOf(token) === 'on');
  if (wordOf(tokens[0]) !== 'create' || created < 0 || on < 0) return;
  reading.at = on + 1;
  const table = chainAt(reading).at(-1);
  reading.at += 1;
  if (!table) return;
  const root = top(reading).scope;
  reading.tables.push({ scope: root, table });
  for (const alias of ['new', 'old']) root.sources.push(source({ table, alias, isQualified: true }));
  const own = newScope(null);
  own.sources.push(source({ table }));
  const of = tokens.findIndex((token, i) => i > created + 1 && i < on && wordOf(token) === 'of');
  for (const { kind, text, start, end } of of < 0 ? [] : tokens.slice(of + 1, on)) {
    if (kind === 'word' || kind === 'quoted') {
      const column = { name: text, isBare: kind === 'word', start, end };
      reading.columns.push({ scope: own, clause: 'other', qualifier: null, column, isGiven: false });
    }
  }
}

function isKeyword(reading: Reading, word: string): boolean {
  if (isSign(before(reading), '.') || isSign(after(reading), '.')) return false;
  if (word === 'conflict' || word === 'duplicate') return wordOf(before(reading)) === 'on';
  return inert.has(word) && (!top(reading).expects || !nameable.has(word));
}

/** Where a table comes, these are its name. */
const nameable: ReadonlySet<string> = new Set(['match', 'row', 'rows', 'replace', 'offset']);

/** Reads a program. */
export function wordsOf(sql: string): ProgramWords {
  const root = newScope(null);
  const frame = newFrame({ kind: 'query', base: root, scope: root });
  const reading: Reading = { tokens: tokensOf(sql), at: 0, frames: [frame], tables: [], columns: [] };
  readHead(reading);
  const result = newScope(root);
  frame.scope = result;
  for (; reading.at < reading.tokens.length; reading.at += 1) {
    const token = reading.tokens[reading.at] as Token;
    const word = wordOf(token);
    if (token.kind === 'sign') sign(reading, token.text);
    else if (token.kind === 'value') top(reading).open = null;
    else if (word !== '' && isKeyword(reading, word)) keyword(reading, word);
    else name(reading);
  }
  return { ...reading, result };
}
