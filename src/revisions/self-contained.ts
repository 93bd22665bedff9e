// Does a revision say the same whenever and wherever it is loaded?
// In: a module's text. Out: yes where that is sure. Must not run it, and knows nothing of what it does.

import { mayBeGlobal } from '../kernel/own-globals.ts';
import type { JsToken } from './js-lexer.ts';
import { openLexer, stringValue } from './js-lexer.ts';

/** What may be imported of Surefoot: functions of nothing but their arguments. */
const pure: ReadonlySet<string> = new Set(['revision', 'irreversible', 'sql', 't']);

/** Words of an import that are no names. */
const grammar: ReadonlySet<string> = new Set(['{', '}', ',', 'type', 'as', 'from']);

/** Ways to other code, or to when and where this runs, that need no import. */
const doors: ReadonlySet<string> = new Set([
  ...['this', 'await', 'async', 'eval', 'with', 'debugger', 'enum'],
  ...['require', 'module', 'exports', '__dirname', '__filename'],
]);
const doorMembers = /^(?:constructor|__proto__|prototype|caller|callee|stack|to\w*Locale\w*|locale\w*)$/i;

/** An import of nothing but pure functions, and of types. */
function isPureImport(statement: readonly JsToken[]): boolean {
  const source = statement.at(-1);
  if (source?.kind !== 'string' || stringValue(source) !== 'surefoot') return false;
  if (statement[1]?.text === 'type') return true;
  return statement.slice(1, -1).every(({ text }) => grammar.has(text) || pure.has(text));
}

/** The tokens up to what is imported from. */
function statementFrom(first: JsToken, lexer: ReturnType<typeof openLexer>): readonly JsToken[] {
  const statement: JsToken[] = [];
  for (let token: JsToken | null = first; token; token = lexer.next()) {
    statement.push(token);
    if (token.kind === 'string') break;
  }
  return statement;
}

function isPureWord({ text }: JsToken, before: string): boolean {
  if (doorMembers.test(text)) return false;
  if (before === '.') return true;
  return !doors.has(text) && !mayBeGlobal(text);
}

/** `x['constructor']`, `export … from`, a name in escapes, and what may hide code, should it be taken for a regular expression by mistake. */
function isDoor(token: JsToken, before: string): boolean {
  if (token.kind === 'regex' || token.text === '\\') return true;
  if (token.kind !== 'string' && token.kind !== 'template') return false;
  return before === 'from' || doorMembers.test(stringValue(token));
}

/**
 * True for a module that imports nothing but what describes a revision, and that names nothing which could differ from one
 * time to the next: no clock, no environment, no other file, no code that is made while it runs.
 */
export function isSelfContained(text: string): boolean {
  const lexer = openLexer(text);
  let before = '';
  for (let token = lexer.next(); token; token = lexer.next()) {
    if (token.text === 'import') {
      if (!isPureImport(statementFrom(token, lexer))) return false;
    } else if (token.kind === 'word' && !isPureWord(token, before)) return false;
    else if (isDoor(token, before)) return false;
    before = token.text;
  }
  return true;
}
