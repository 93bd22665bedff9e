// Finds the head of a revision in a module without running it.
// In: the module's text. Out: the literal members of its `revision({ … })`. Must not know what they mean.

import type { HeaderMember, HeaderMembers } from './header.ts';
import { headerKeys, invalidRevision, refuseNearKey } from './header.ts';
import type { JsToken } from './js-lexer.ts';
import { openLexer, stringValue } from './js-lexer.ts';

type Lexer = ReturnType<typeof openLexer>;
type Literal = HeaderMember['value'];

interface Member {
  readonly key: string;
  readonly start: number;
  /** `undefined`: not a literal. */
  readonly value: Literal | undefined;
}

/** A `revision({ … })` of the module. */
interface Call {
  readonly isDefault: boolean;
  /** The variable it is assigned to. */
  readonly name: string | null;
  readonly members: readonly Member[];
}

/** What a module has of revisions. */
interface Survey {
  readonly calls: Call[];
  /** Names by which the module knows `revision`. */
  readonly names: Set<string>;
  /** The variable that is the default export; '': something else is. */
  defaultExport: string | null;
}

const constants: ReadonlyMap<string, Literal> = new Map([
  ['null', null],
  ['undefined', null],
  ['true', true],
  ['false', false],
]);

const isComma = (token: JsToken) => token.kind === 'other' && token.text === ',';
const isName = (token: JsToken) =>
  token.kind === 'word' || token.kind === 'string' || token.kind === 'number';
const isClosedString = (token: JsToken) => token.text.length > 1 && token.text.at(-1) === token.text[0];
const isText = (token: JsToken) =>
  (token.kind === 'string' || token.kind === 'template') && isClosedString(token);

/** Reads on to the end of a member. True: the object goes on behind it. */
function skipMember(lexer: Lexer, first: JsToken | null): boolean {
  let depth = 0;
  for (let token = first; token; token = lexer.next()) {
    if (token.kind === 'open') depth++;
    else if (token.kind === 'close' && --depth < 0) return false;
    else if (depth === 0 && isComma(token)) return true;
  }
  return false;
}

/** A list of strings behind its bracket; `undefined`: it holds something else. */
function readList(lexer: Lexer): readonly string[] | undefined {
  const items: string[] = [];
  let expectsComma = false;
  for (let token = lexer.next(); token; token = lexer.next()) {
    if (token.kind === 'close') return items;
    if (expectsComma ? !isComma(token) : !isText(token)) {
      if (token.kind === 'open') skipMember(lexer, token);
      else skipMember(lexer, lexer.next());
      return undefined;
    }
    if (!expectsComma) items.push(stringValue(token));
    expectsComma = !expectsComma;
  }
  return undefined;
}

interface Read {
  readonly value: Literal | undefined;
  readonly more: boolean;
}

/** A value behind its colon, up to the end of the member. */
function readValue(lexer: Lexer): Read {
  const token = lexer.next();
  if (token === null) return { value: undefined, more: false };
  let value: Literal | undefined;
  if (isText(token)) value = stringValue(token);
  else if (token.kind === 'word' && constants.has(token.text)) value = constants.get(token.text);
  else if (token.kind === 'number') value = Number(token.text);
  else if (token.kind === 'open' && token.text === '[') value = readList(lexer);
  else return { value: undefined, more: skipMember(lexer, token) };
  const behind = lexer.next();
  const ends = behind === null || isComma(behind) || behind.kind === 'close';
  const isCast = behind?.kind === 'word' && (behind.text === 'as' || behind.text === 'satisfies');
  return { value: ends || isCast ? value : undefined, more: skipMember(lexer, behind) };
}

/** The members of an object literal behind its brace. */
function readMembers(lexer: Lexer): readonly Member[] {
  const members: Member[] = [];
  for (let more = true; more; ) {
    const token = lexer.next();
    if (token === null || token.kind === 'close') return members;
    if (isComma(token)) continue;
    if (!isName(token)) {
      more = skipMember(lexer, token);
      continue;
    }
    const key = token.kind === 'string' ? stringValue(token) : token.text;
    const behind = lexer.next();
    const isPair = behind?.kind === 'other' && behind.text === ':';
    const read = isPair ? readValue(lexer) : { value: undefined, more: skipMember(lexer, behind) };
    members.push({ key, start: token.start, value: read.value });
    more = read.more;
  }
  return members;
}

/** The last tokens read, newest first. */
function openMemory(size: number) {
  const tokens: JsToken[] = [];
  return {
    push(token: JsToken) {
      if (tokens.unshift(token) > size) tokens.pop();
    },
    text: (back: number) => tokens[back]?.text ?? '',
    kind: (back: number) => tokens[back]?.kind,
  };
}
type Memory = ReturnType<typeof openMemory>;

/** A call, when its `{` was just read: `… = revision ( {`. */
function readCall(lexer: Lexer, memory: Memory): Call {
  const before = memory.text(3) === '.' ? 2 : 0;
  const isDefault = memory.text(before + 3) === 'default' && memory.text(before + 4) === 'export';
  const name = memory.text(before + 3) === '=' ? memory.text(before + 4) : null;
  return { isDefault, name, members: readMembers(lexer) };
}

/** Notes `revision as x`, `export default x` and `x as default`. */
function noteNames(survey: Survey, memory: Memory): void {
  if (memory.kind(0) !== 'word') return;
  if (memory.text(1) === 'as' && memory.text(0) === 'default') survey.defaultExport = memory.text(2);
  else if (memory.text(1) === 'as' && memory.text(2) === 'revision') survey.names.add(memory.text(0));
  else if (memory.text(1) === 'default' && memory.text(2) === 'export') survey.defaultExport = memory.text(0);
  else if (memory.text(0) === 'default' && memory.text(1) === 'export') survey.defaultExport ??= '';
}

function surveyModule(text: string): Survey {
  const survey: Survey = { calls: [], names: new Set(['revision']), defaultExport: null };
  const lexer = openLexer(text);
  const memory = openMemory(8);
  for (let token = lexer.next(); token; token = lexer.next()) {
    memory.push(token);
    noteNames(survey, memory);
    if (token.text !== '{' || memory.text(1) !== '(' || memory.text(3) === 'function') continue;
    if (memory.kind(2) !== 'word' || !survey.names.has(memory.text(2))) continue;
    const call = readCall(lexer, memory);
    survey.calls.push(call);
    if (call.isDefault) break;
  }
  return survey;
}

/** The call that makes the default export; of a single one it is taken for granted. */
function chooseCall({ calls, defaultExport }: Survey): Call | undefined {
  const named = calls.filter((call) => call.isDefault || (call.name !== null && call.name === defaultExport));
  return named.at(-1) ?? (calls.length === 1 ? calls[0] : undefined);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const known: readonly string[] = [...headerKeys, 'upgrade', 'downgrade', 'contract'];
const literalKeys: ReadonlySet<string> = new Set(headerKeys);

function toMembers(call: Call, text: string, file: string): HeaderMembers {
  const members = new Map<string, HeaderMember>();
  const seen = new Set<string>();
  for (const { key, start, value } of call.members) {
    const at = { file, line: lineAt(text, start) };
    if (seen.has(key) && known.includes(key)) throw invalidRevision(at, `'${key}' stands there twice`);
    seen.add(key);
    if (!literalKeys.has(key)) {
      if (!known.includes(key)) refuseNearKey(key, known, at);
      // What it does is read where it is run; that it is there makes a revision of it.
      if (key === 'contract' && value !== null) members.set(key, { value: true, line: at.line });
      continue;
    }
    if (value === undefined) {
      const hint = 'The head of a revision is read without running the file; write the value itself there.';
      throw invalidRevision(at, `'${key}' is not a literal`, hint);
    }
    members.set(key, { value, line: at.line });
  }
  return members;
}

/**
 * The members of a module's revision. `null`: the module has no default export and calls no `revision()`; it is a
 * helper of other revisions.
 */
export function readModuleHeader(text: string, file: string): HeaderMembers | null {
  const survey = surveyModule(text);
  if (survey.defaultExport === null && survey.calls.length === 0) return null;
  const call = survey.defaultExport === null ? undefined : chooseCall(survey);
  if (call) return toMembers(call, text, file);
  const hint = "A revision file says: export default revision({ id: '…', … });";
  throw invalidRevision({ file }, 'its default export is not a revision({ … })', hint);
}
