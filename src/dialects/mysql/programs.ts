import type { Routine, Trigger } from '../../schema/schema.ts';
import { literal, quote, quoteRef } from './quote.ts';
import type { Token } from './tokens.ts';
import { tokenize, unquoteName, unquoteString } from './tokens.ts';
import type { MysqlTraits } from './traits.ts';
import { normalizeType, parseType, typeSql } from './types.ts';

/** Reads the head of a program token by token. The rest, from wherever it stands, is the body. */
interface Reader {
  readonly sql: string;
  readonly tokens: readonly Token[];
  position: number;
}

function peek(reader: Reader, ahead = 0): string {
  return reader.tokens[reader.position + ahead]?.text.toLowerCase() ?? '';
}

function accept(reader: Reader, ...words: readonly string[]): boolean {
  if (!words.every((word, i) => peek(reader, i) === word)) return false;
  reader.position += words.length;
  return true;
}

/** The text from here to the end, without the last semicolons. */
function rest(reader: Reader): string {
  const start = reader.tokens[reader.position]?.start;
  return start === undefined ? '' : trimEnd(reader.sql.slice(start));
}

function trimEnd(sql: string): string {
  return sql.replace(/[\s;]+$/, '');
}

/** `DEFINER = 'a'@'b'`, `DEFINER=CURRENT_USER()`: whose rights a program has is not part of the schema. */
function skipDefiner(reader: Reader): void {
  accept(reader, 'or', 'replace');
  if (!accept(reader, 'definer', '=')) return;
  reader.position += 1;
  accept(reader, '(', ')');
  // The token `@` is part of a word where no quotes divide them.
  while (peek(reader).startsWith('@')) reader.position += peek(reader) === '@' ? 2 : 1;
}

function skipName(reader: Reader): void {
  accept(reader, 'if', 'not', 'exists');
  reader.position += 1;
  if (accept(reader, '.')) reader.position += 1;
}

function open(sql: string): Reader {
  return { sql, tokens: tokenize(sql), position: 0 };
}

const timings = ['before', 'after'];
const events = ['insert', 'update', 'delete'];

/** `FOLLOWS other`: the order among triggers of the same moment. */
function skipOrder(reader: Reader): void {
  if (peek(reader) === 'follows' || peek(reader) === 'precedes') reader.position += 2;
}

/**
 * A trigger with its head in one spelling and without its definer; its body as written. Its place among others of its
 * moment is not part of it: whichever comes later follows the one before, be that said or not, until that one is dropped.
 */
export function normalizeTrigger(trigger: Trigger): Trigger {
  const reader = open(trigger.sql);
  if (!accept(reader, 'create')) return { ...trigger, sql: trimEnd(trigger.sql) };
  skipDefiner(reader);
  if (!accept(reader, 'trigger')) return { ...trigger, sql: trimEnd(trigger.sql) };
  skipName(reader);
  const [timing, event] = [peek(reader), peek(reader, 1)];
  reader.position += 2;
  if (!timings.includes(timing) || !events.includes(event) || !accept(reader, 'on')) {
    return { ...trigger, sql: trimEnd(trigger.sql) };
  }
  skipName(reader);
  if (!accept(reader, 'for', 'each', 'row')) return { ...trigger, sql: trimEnd(trigger.sql) };
  skipOrder(reader);
  const head = { ...trigger, timing, event };
  return { ...trigger, sql: triggerSql(head, rest(reader)) };
}

/** The parts of a trigger as one statement. */
export function triggerSql(
  head: Omit<Trigger, 'sql'> & { readonly timing: string; readonly event: string },
  body: string,
): string {
  const moment = `${head.timing.toUpperCase()} ${head.event.toUpperCase()}`;
  const table = quoteRef(head.table);
  return `CREATE TRIGGER ${quote(head.name)} ${moment} ON ${table} FOR EACH ROW ${trimEnd(body)}`;
}

/** The tokens up to the parenthesis that closes the one just read. */
function readParenthesised(reader: Reader): readonly Token[] {
  const from = reader.position;
  for (let depth = 1; depth > 0 && reader.position < reader.tokens.length; reader.position += 1) {
    if (peek(reader) === '(') depth += 1;
    if (peek(reader) === ')') depth -= 1;
  }
  return reader.tokens.slice(from, reader.position - 1);
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => token.text)
    .join(' ')
    .replace(/\s*([(),.])\s*/g, '$1');
}

/** A type of a parameter: the collation is the database's unless it is said. */
function programType(tokens: readonly Token[], traits: MysqlTraits): string {
  const cut = tokens.findIndex((token) => /^(character|charset|collate)$/i.test(token.text));
  const type = textOf(cut < 0 ? tokens : tokens.slice(0, cut));
  const tail = cut < 0 ? '' : ` ${textOf(tokens.slice(cut)).toUpperCase()}`;
  return typeSql(normalizeType(parseType(type), traits), traits) + tail;
}

function splitByComma(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

function parameterSql(tokens: readonly Token[], traits: MysqlTraits): string {
  const mode =
    /^(in|out|inout)$/i.test(tokens[0]?.text ?? '') && tokens.length > 2
      ? tokens[0]?.text.toUpperCase()
      : 'IN';
  const from = /^(in|out|inout)$/i.test(tokens[0]?.text ?? '') && tokens.length > 2 ? 1 : 0;
  const name = quote(unquoteName(tokens[from]?.text ?? ''));
  return `${mode === 'IN' ? '' : `${mode} `}${name} ${programType(tokens.slice(from + 1), traits)}`;
}

const endOfType = new Set(
  'deterministic not contains no reads modifies sql comment language return begin'.split(' '),
);

/** The type after RETURNS: up to the first characteristic or the body. */
function readReturns(reader: Reader): readonly Token[] {
  const from = reader.position;
  while (reader.position < reader.tokens.length && !endOfType.has(peek(reader))) {
    reader.position += 1;
    if (peek(reader, -1) === '(') readParenthesised(reader);
  }
  return reader.tokens.slice(from, reader.position);
}

interface Characteristics {
  readonly deterministic: boolean;
  readonly access: string;
  readonly invoker: boolean;
  readonly comment: string;
}

const accesses: readonly (readonly string[])[] = [
  ['contains', 'sql'],
  ['no', 'sql'],
  ['reads', 'sql', 'data'],
  ['modifies', 'sql', 'data'],
];

type Draft = { -readonly [K in keyof Characteristics]: Characteristics[K] };

function readOne(reader: Reader, found: Draft): boolean {
  if (accept(reader, 'not', 'deterministic')) found.deterministic = false;
  else if (accept(reader, 'deterministic')) found.deterministic = true;
  else if (accept(reader, 'sql', 'security', 'invoker')) found.invoker = true;
  else if (accept(reader, 'sql', 'security', 'definer')) found.invoker = false;
  else if (accept(reader, 'comment')) {
    found.comment = unquoteString(reader.tokens[reader.position]?.text ?? "''");
    reader.position += 1;
  } else if (!accept(reader, 'language', 'sql')) {
    const access = accesses.find((words) => accept(reader, ...words));
    if (access === undefined) return false;
    found.access = access.join(' ').toUpperCase();
  }
  return true;
}

function readCharacteristics(reader: Reader): Characteristics {
  const found: Draft = { deterministic: false, access: 'CONTAINS SQL', invoker: false, comment: '' };
  while (readOne(reader, found));
  return found;
}

/** The characteristics that differ from what the server takes by itself. */
export function characteristicsSql(found: Characteristics): string {
  return [
    found.deterministic ? 'DETERMINISTIC ' : '',
    found.access === 'CONTAINS SQL' ? '' : `${found.access} `,
    found.invoker ? 'SQL SECURITY INVOKER ' : '',
    found.comment === '' ? '' : `COMMENT ${literal(found.comment)} `,
  ].join('');
}

/** A routine with its head in one spelling and without its definer; its body as written. */
export function normalizeRoutine(routine: Routine, traits: MysqlTraits): Routine {
  const plain = { ...routine, signature: '', sql: trimEnd(routine.sql) };
  const reader = open(routine.sql);
  if (!accept(reader, 'create')) return plain;
  skipDefiner(reader);
  if (!accept(reader, routine.kind)) return plain;
  skipName(reader);
  if (!accept(reader, '(')) return plain;
  const parameters = splitByComma(readParenthesised(reader)).map((tokens) => parameterSql(tokens, traits));
  const returns = accept(reader, 'returns') ? ` RETURNS ${programType(readReturns(reader), traits)}` : '';
  const characteristics = characteristicsSql(readCharacteristics(reader));
  const head = `CREATE ${routine.kind.toUpperCase()} ${quoteRef(routine)}(${parameters.join(', ')})${returns}`;
  return { ...plain, sql: `${head} ${characteristics}${rest(reader)}` };
}
