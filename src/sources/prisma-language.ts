// Prisma's schema language, as far as a reader needs it who need not judge: the engine has done that.
// In: the text of a schema. Out: its blocks. Must not know what they mean, nor any database.

/** A value as it is written: `"text"`, `word`, `call(…)`, `[list]`. */
export type PrismaValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly PrismaArgument[] }
  | { readonly kind: 'list'; readonly items: readonly PrismaValue[] };

export interface PrismaArgument {
  readonly label: string | null;
  readonly value: PrismaValue;
}

/** `@id`, `@db.VarChar(20)`, `@@index([a])`: the name without its signs. */
export interface PrismaAttribute {
  readonly name: string;
  readonly given: readonly PrismaArgument[];
}

export interface PrismaField {
  readonly name: string;
  /** A word, or the call `Unsupported("…")`. Of an enum's value: the word of its name. */
  readonly type: PrismaValue;
  readonly arity: 'one' | 'optional' | 'list';
  readonly attributes: readonly PrismaAttribute[];
}

/** `model`, `view`, `enum`, `datasource` and the like. */
export interface PrismaBlock {
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly PrismaField[];
  readonly attributes: readonly PrismaAttribute[];
  /** `provider = "mysql"` */
  readonly settings: ReadonlyMap<string, PrismaValue>;
}

const pattern =
  /"(?:\\.|[^"\\\n])*"|-?[\p{L}\p{N}_][\p{L}\p{N}_.+-]*|@@?|[{}()[\]:,?=]|(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\s\S])/gu;

const isToken = (text: string): boolean => /^["\p{L}\p{N}_@{}()[\]:,?=]|^-[\p{L}\p{N}_]/u.test(text);
const isWord = (text: string | undefined): text is string => /^-?[\p{L}\p{N}_]/u.test(text ?? '');

/** The tokens of a text, one after the other. */
interface Reader {
  peek(ahead?: number): string | undefined;
  next(): string;
  /** Steps over the token if it is the next one. */
  skip(token: string): boolean;
}

function readerOf(text: string): Reader {
  const tokens = (text.match(pattern) ?? []).filter(isToken);
  let at = 0;
  return {
    peek: (ahead = 0) => tokens[at + ahead],
    next: () => tokens[at++] ?? '',
    skip: (token) => {
      if (tokens[at] !== token) return false;
      at++;
      return true;
    },
  };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function textOf(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code: string | undefined, sign: string | undefined) =>
      code === undefined
        ? (escapes[sign ?? ''] ?? sign ?? '')
        : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

function readValue(reader: Reader): PrismaValue {
  const token = reader.next();
  if (token === '[') return { kind: 'list', items: readUntil(']', reader, readValue) };
  if (token.startsWith('"')) return { kind: 'text', text: textOf(token) };
  if (!reader.skip('(')) return { kind: 'word', text: token };
  return { kind: 'call', name: token, given: readUntil(')', reader, readArgument) };
}

function readArgument(reader: Reader): PrismaArgument {
  if (!isWord(reader.peek()) || reader.peek(1) !== ':') return { label: null, value: readValue(reader) };
  const label = reader.next();
  reader.next();
  return { label, value: readValue(reader) };
}

function readUntil<T>(end: string, reader: Reader, read: (reader: Reader) => T): readonly T[] {
  const found: T[] = [];
  while (reader.peek() !== undefined && !reader.skip(end)) if (!reader.skip(',')) found.push(read(reader));
  return found;
}

function readAttribute(reader: Reader): PrismaAttribute {
  const name = reader.next();
  return { name, given: reader.skip('(') ? readUntil(')', reader, readArgument) : [] };
}

function readAttributes(reader: Reader): readonly PrismaAttribute[] {
  const found: PrismaAttribute[] = [];
  while (reader.skip('@')) found.push(readAttribute(reader));
  return found;
}

function readArity(reader: Reader): PrismaField['arity'] {
  if (reader.skip('?')) return 'optional';
  if (!reader.skip('[')) return 'one';
  reader.skip(']');
  return 'list';
}

function readField(reader: Reader, isValue: boolean): PrismaField {
  const name = reader.next();
  const type: PrismaValue = isValue ? { kind: 'word', text: name } : readValue(reader);
  return { name, type, arity: readArity(reader), attributes: readAttributes(reader) };
}

function readBlock(reader: Reader): PrismaBlock {
  const [kind, name] = [reader.next(), reader.next()];
  const fields: PrismaField[] = [];
  const attributes: PrismaAttribute[] = [];
  const settings = new Map<string, PrismaValue>();
  reader.next();
  while (reader.peek() !== undefined && !reader.skip('}')) {
    if (reader.skip('@@')) attributes.push(readAttribute(reader));
    else if (!isWord(reader.peek())) reader.next();
    else if (reader.peek(1) === '=') readSetting(reader, settings);
    else fields.push(readField(reader, kind === 'enum'));
  }
  return { kind, name, fields, attributes, settings };
}

function readSetting(reader: Reader, settings: Map<string, PrismaValue>): void {
  const name = reader.next();
  reader.next();
  settings.set(name, readValue(reader));
}

/** The blocks of a schema, in their order. What is no block is passed over. */
export function readPrismaSchema(text: string): readonly PrismaBlock[] {
  const reader = readerOf(text);
  const blocks: PrismaBlock[] = [];
  while (reader.peek() !== undefined) {
    if (isWord(reader.peek()) && isWord(reader.peek(1)) && reader.peek(2) === '{')
      blocks.push(readBlock(reader));
    else reader.next();
  }
  return blocks;
}

/** The argument of this label, else the one that stands where it may be left out (`position`, from 0). */
export function argumentOf(
  { given }: Pick<PrismaAttribute, 'given'>,
  label: string,
  position: number | null = null,
): PrismaValue | null {
  const labelled = given.find((argument) => argument.label === label);
  const placed = position === null ? undefined : given.filter((one) => one.label === null)[position];
  return (labelled ?? placed)?.value ?? null;
}

/** The text of a value that is one; `null`: it is not. */
export function wordOf(value: PrismaValue | null | undefined): string | null {
  return value?.kind === 'text' || value?.kind === 'word' ? value.text : null;
}

/** The name that something has in the database: that of `@map` or `@@map`, else its own. */
export function databaseName({ name, attributes }: Pick<PrismaField, 'name' | 'attributes'>): string {
  const map = attributes.find((attribute) => attribute.name === 'map');
  return (map && wordOf(argumentOf(map, 'name', 0))) ?? name;
}
