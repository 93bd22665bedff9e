// What PostgreSQL's text form of a value becomes, the same for every driver of the family.
// In: type numbers and text. Out: JavaScript values without loss. Must not know any library.

type Reader = (text: string) => unknown;

const asText: Reader = (text) => text;
const asNumber: Reader = (text) => Number(text);
const asBoolean: Reader = (text) => text === 't' || text === 'true';
const asBytes: Reader = (text) => (text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : text);

/** Types by their number in `pg_type`, which never changes for built-in ones. */
const scalars: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [16, asBoolean],
  [17, asBytes],
  [21, asNumber],
  [23, asNumber],
  [26, asNumber],
  [700, asNumber],
  [701, asNumber],
]);

/** Array types whose elements are read: bool, char, name, int2, int2vector is none, int4, text, bpchar, varchar, oid, float. */
const arrays: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1000, asBoolean],
  [1002, asText],
  [1003, asText],
  [1005, asNumber],
  [1007, asNumber],
  [1009, asText],
  [1014, asText],
  [1015, asText],
  [1021, asNumber],
  [1022, asNumber],
  [1028, asNumber],
]);

/** Types which libraries of the family read with loss or as objects of their own: all kept as text. */
const keptAsText = [
  20, 114, 1082, 1083, 1114, 1115, 1182, 1183, 1184, 1185, 1186, 1187, 1231, 1266, 1270, 1700, 3802, 199,
  3807, 1016, 600, 718, 1017, 719, 651, 1001, 1040, 1041, 2951, 3907, 2949, 1013,
] as const;

/** How to read a type. Numbers, dates, times and JSON that JavaScript would lose or bend stay text. */
export function postgresReader(type: number): Reader {
  const scalar = scalars.get(type);
  if (scalar !== undefined) return scalar;
  const element = arrays.get(type);
  return element === undefined ? asText : (text) => readArray(text, element);
}

/** Readers by type number, for libraries that want a table. */
export function postgresReaders(): Readonly<Record<number, Reader>> {
  const types = [...scalars.keys(), ...arrays.keys(), ...keptAsText];
  return Object.fromEntries(types.map((type) => [type, postgresReader(type)]));
}

/** Reads PostgreSQL's text form of an array, nested ones included. */
function readArray(text: string, element: Reader): unknown {
  // '[2:3]={…}' tells lower bounds other than 1, which are of no use here.
  const tokens = text.slice(text.indexOf('{')).matchAll(/\{|\}|,|"((?:[^"\\]|\\.)*)"|[^{},"]+/gs);
  const root: unknown[] = [];
  const open: unknown[][] = [root];
  for (const [token, quoted] of tokens) {
    if (token === ',') continue;
    if (token === '}') open.pop();
    else if (token === '{') open.push(pushed(open, []));
    else open.at(-1)?.push(readElement(token, quoted, element));
  }
  return root[0];
}

function pushed(open: readonly unknown[][], child: unknown[]): unknown[] {
  open.at(-1)?.push(child);
  return child;
}

function readElement(token: string, quoted: string | undefined, element: Reader): unknown {
  if (quoted !== undefined) return element(quoted.replace(/\\(.)/gs, '$1'));
  return token.toUpperCase() === 'NULL' ? null : element(token);
}

const writing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']);

/** The number of rows written, from the command a server reports. */
export function postgresAffected(
  command: string | undefined,
  count: number | null | undefined,
): number | null {
  return command !== undefined && writing.has(command) ? (count ?? null) : null;
}
