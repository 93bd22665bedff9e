// Tells where the body of a trigger or routine ends, whose statements end in semicolons themselves.
// In: the code tokens of a statement, one by one. Out: whether a semicolon now ends the statement. Must not know text.

import type { SqlSyntax, SqlToken } from './sql-scan.ts';

/** Watches one statement. `feed` each code token; then ask whether a semicolon would end the statement. */
export interface CompoundTracker {
  feed(token: SqlToken): void;
  readonly open: boolean;
}

const routineKinds = new Set(['trigger', 'function', 'procedure', 'event']);

/** SQLite's own rule: a trigger ends with `; END ;` and nothing else, whatever its columns are called. */
function trackTrigger(): CompoundTracker {
  let last: string[] = [];
  let words = 0;
  let trigger = false;
  return {
    feed(token) {
      const text = token.text.toLowerCase();
      if (words === 0 && text === 'create') words = 1;
      else if (words > 0 && words < 3 && token.kind === 'word') {
        words++;
        trigger ||= text === 'trigger';
      } else if (words === 0) words = 3;
      last = [last[1] ?? '', text];
    },
    get open() {
      return trigger && !(last[0] === ';' && last[1] === 'end');
    },
  };
}

/** PostgreSQL: parentheses (of rules) and BEGIN ATOMIC … END hold semicolons. */
function trackAtomic(): CompoundTracker {
  let parentheses = 0;
  let depth = 0;
  let previous = '';
  const feedWord = (text: string) => {
    if (previous === '.' || previous === 'as') return;
    if (text === 'atomic' && previous === 'begin') depth++;
    else if (depth > 0 && text === 'case') depth++;
    else if (depth > 0 && text === 'end') depth--;
  };
  return {
    feed(token) {
      const text = token.text.toLowerCase();
      if (token.kind === 'word') feedWord(text);
      else if (text === '(') parentheses++;
      else if (text === ')') parentheses = Math.max(0, parentheses - 1);
      previous = text;
    },
    get open() {
      return parentheses > 0 || depth > 0;
    },
  };
}

const blockWords = new Set(['if', 'loop', 'while', 'repeat', 'for']);
/** What stands before the first word of a statement inside a body. */
const statementStarts = new Set([';', ':', 'begin', 'then', 'else', 'do', 'loop', 'repeat']);

type Block = 'begin' | 'case-statement' | 'case-expression' | 'repeat' | 'block';

/** The blocks of a body in MySQL's and MariaDB's language. END, BEGIN and the rest are column names there, too. */
function trackBlocks() {
  const blocks: Block[] = [];
  let previous = '';
  let declares = false;
  let handles = false;

  const closes = () => {
    const top = blocks.at(-1);
    if (previous === '.') return false;
    if (top === 'case-expression' || top === 'repeat') return true;
    return previous === ';' || previous === 'begin';
  };
  const opens = (text: string, starts: boolean): Block | null => {
    if (text === 'case' && previous !== 'end' && previous !== '.') {
      return starts ? 'case-statement' : 'case-expression';
    }
    if (!starts) return null;
    if (text === 'begin') return 'begin';
    if (text === 'repeat') return 'repeat';
    return blockWords.has(text) ? 'block' : null;
  };
  return {
    feed(text: string, isFirst: boolean) {
      const starts = isFirst || statementStarts.has(previous) || handles;
      if (text === 'end' && blocks.length > 0 && closes()) blocks.pop();
      else {
        const block = opens(text, starts);
        if (block) blocks.push(block);
        if (block) handles = false;
      }
      if (starts) declares = text === 'declare';
      if (declares && text === 'handler') handles = true;
      if (text === ';') handles = false;
      previous = text;
    },
    get depth() {
      return blocks.length;
    },
  };
}

const plainKinds = new Set(
  'table view index unique fulltext spatial database schema sequence user role'.split(' '),
);
/** A body that starts with one of these is a single statement. */
const simpleStatements = new Set(
  `alter analyze call close commit create deallocate delete do drop execute fetch flush get grant insert kill load lock
  open optimize prepare rename replace resignal return revoke rollback savepoint select set show signal start truncate
  unlock update values with xa`.split(/\s+/),
);

type Phase = 'undecided' | 'anonymous' | 'header' | 'characteristics' | 'body' | 'plain';

/** Where the header of a routine ends: behind FOR EACH ROW, behind DO, behind the parameters. */
function trackHeader() {
  let kind = '';
  let previous = '';
  let parentheses = 0;
  const isBehind = (text: string) => {
    if (kind === 'trigger') return text === 'row' && previous === 'each';
    if (kind === 'event') return text === 'do';
    return kind !== '' && text === ')' && parentheses === 0;
  };
  return (text: string): Phase => {
    if (kind === '' && plainKinds.has(text)) return 'plain';
    if (kind === '' && routineKinds.has(text)) kind = text;
    if (text === '(') parentheses++;
    if (text === ')') parentheses--;
    const behind = isBehind(text);
    previous = text;
    return behind ? 'characteristics' : 'header';
  };
}

/** MySQL and MariaDB. `anonymous` is MariaDB's BEGIN NOT ATOMIC, as against BEGIN of a transaction. */
function trackRoutine(): CompoundTracker {
  const header = trackHeader();
  const blocks = trackBlocks();
  let phase: Phase = 'undecided';
  let previous = '';
  const feedFirst = (text: string): Phase => {
    if (text === 'begin') return 'anonymous';
    return text === 'create' || text === 'alter' ? 'header' : 'plain';
  };
  const feedAnonymous = (text: string): Phase => {
    if (text === 'not') return 'anonymous';
    if (text === 'atomic') blocks.feed('begin', true);
    return text === 'atomic' ? 'body' : 'plain';
  };
  const feedCharacteristic = (text: string): Phase => {
    if (simpleStatements.has(text) && previous !== 'returns') return 'plain';
    if (text !== 'begin' && text !== 'case' && !blockWords.has(text)) return 'characteristics';
    blocks.feed(text, true);
    return 'body';
  };
  const feeds: { readonly [P in Phase]: (text: string) => Phase } = {
    undecided: feedFirst,
    anonymous: feedAnonymous,
    header,
    characteristics: feedCharacteristic,
    body: (text) => {
      blocks.feed(text, false);
      return 'body';
    },
    plain: () => 'plain',
  };
  return {
    feed(token) {
      const text = token.kind === 'identifier' || token.kind === 'string' ? '' : token.text.toLowerCase();
      phase = feeds[phase](text);
      previous = text;
    },
    get open() {
      return blocks.depth > 0;
    },
  };
}

const closed: CompoundTracker = { feed: () => undefined, open: false };

/** A tracker for one statement of a family. */
export function trackCompound(syntax: SqlSyntax): CompoundTracker {
  if (syntax.dollarQuotes) return trackAtomic();
  if (!syntax.compoundBodies) return closed;
  return syntax.hashComments ? trackRoutine() : trackTrigger();
}
