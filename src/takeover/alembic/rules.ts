// What the user says of a project that its files cannot tell.
// In: JSON. Out: Rules. Must not know files.

import { SurefootError } from '../../kernel/errors.ts';
import type { ColumnType, DialectName } from '../../schema/schema.ts';
import { dialectOf } from './dialects.ts';
import { typeOfText } from './type-text.ts';

/** A type on each kind of database; `null`: the rule says nothing of that one. */
export type TypeRule = (dialect: DialectName) => ColumnType | null;

/** Answers to project-wide tests, and the meaning of the application's own types. */
export interface Rules {
  /** By the text of an expression, without blanks: is it true? */
  readonly tests: ReadonlyMap<string, boolean>;
  /** By a type's own name (`GUID`) or its dotted one (`app.types.GUID`): what it is on each kind of database. */
  readonly types: ReadonlyMap<string, TypeRule>;
  /** As the metadata of the project has it: `{ "uq": "uq_%(table_name)s_%(column_0_name)s" }`. */
  readonly namingConvention: ReadonlyMap<string, string>;
  /** Of files for several databases: the one that is meant; '': the usual one. */
  readonly bind: string;
}

export const noRules: Rules = { tests: new Map(), types: new Map(), namingConvention: new Map(), bind: '' };

/** An expression without what does not matter in it. */
export const plainText = (expression: string): string =>
  expression.replaceAll(/\s+/g, '').replaceAll('"', "'");

function invalid(file: string, problem: string): never {
  throw new SurefootError('import/invalid-rules', `${file}: ${problem}`, {
    details: { file, problem },
    hint: 'Write { "tests": { "_is_pg(conn)": true }, "types": { "GUID": "uuid", "Stamp": { "postgres": "timestamptz", "mysql": "timestamp" } }, "namingConvention": { … } }; each may be left out.',
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Part {
  readonly file: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly name: string;
}

function entriesOf<T>(
  { file, given, name }: Part,
  read: (value: unknown) => T | null,
): ReadonlyMap<string, T> {
  const part = given[name];
  if (part === undefined) return new Map();
  if (!isRecord(part)) invalid(file, `"${name}" is not an object`);
  return new Map(
    Object.entries(part).map(([key, value]) => {
      const found = read(value);
      return [
        key,
        found ?? invalid(file, `"${name}" says nothing sensible of ${JSON.stringify(key)}`),
      ] as const;
    }),
  );
}

/** `'uuid'`, or `{ "postgres": "uuid", "mysql": "char(36)" }`. */
function typeRule(value: unknown): TypeRule | null {
  if (typeof value === 'string') return () => typeOfText(value);
  if (!isRecord(value)) return null;
  const entries = Object.entries(value).map(([name, type]) => [dialectOf(name), type] as const);
  if (entries.some(([dialect, type]) => dialect === null || typeof type !== 'string')) return null;
  const types = new Map(entries);
  return (dialect) => {
    if (!types.has(dialect)) return null;
    const text = String(types.get(dialect));
    const type = typeOfText(text);
    // Said of MySQL alone, its own `timestamp` is meant.
    const isOwn = dialect === 'mysql' && type.kind === 'timestamp' && /^\s*timestamp\b/i.test(text);
    return isOwn ? { ...type, zone: true } : type;
  };
}

const members: ReadonlySet<string> = new Set(['tests', 'types', 'namingConvention', 'bind']);

/** The rules of a file of JSON; refuses what is none. */
export function parseRules(text: string, file: string): Rules {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    invalid(file, `it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!isRecord(given)) invalid(file, 'it is not an object');
  const stranger = Object.keys(given).find((key) => !members.has(key));
  if (stranger !== undefined) invalid(file, `there is no rule called ${JSON.stringify(stranger)}`);
  const { bind = '' } = given;
  if (typeof bind !== 'string') invalid(file, '"bind" is not a text');
  const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);
  const tests = entriesOf({ file, given, name: 'tests' }, (value) =>
    typeof value === 'boolean' ? value : null,
  );
  return {
    tests: new Map([...tests].map(([key, value]) => [plainText(key), value] as const)),
    types: entriesOf({ file, given, name: 'types' }, typeRule),
    namingConvention: entriesOf({ file, given, name: 'namingConvention' }, textOrNull),
    bind,
  };
}
