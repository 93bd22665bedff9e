// A revision in SQL as operations. In: the file's text and the server's syntax. Out: `execute` operations.
// Must not know what the statements do, beyond telling data from the rest.

import type { SqlStatement, SqlSyntax, SqlToken } from '../kernel/sql-text.ts';
import { splitStatements, tokenize } from '../kernel/sql-text.ts';
import { handlers } from '../operations/handlers.ts';
import type { Operation } from '../operations/operation.ts';
import { invalidRevision } from './header.ts';
import type { LoadedRevision, LoadTarget } from './loaded-revision.ts';
import type { RevisionHeader } from './revision.ts';
import type { SqlFile, SqlSection } from './sql-file.ts';
import { readSqlFile, sectionFor } from './sql-file.ts';

const writes = new Set(['insert', 'update', 'delete', 'replace', 'merge']);
const queries = new Set(['select', 'values', 'with']);
/** Functions that change no schema, and keywords that a parenthesis follows. */
const harmless = new Set(
  `setval nextval currval lastval pg_get_serial_sequence set_config coalesce nullif max min count sum avg greatest least
  now lower upper length substr substring replace trim cast concat round abs row_number ifnull over in values and or
  not exists as from select where on when then else any all with using by distinct union except intersect lateral
  conflict returning set join filter recursive materialized`.split(/\s+/),
);

/** False for a call of a function that might change the schema, and for INTO a new table. */
function onlyReads(code: readonly SqlToken[], i: number): boolean {
  const word = (at: number) => code[at]?.text.toLowerCase() ?? '';
  const kind = code[i]?.kind;
  if (kind !== 'word' && kind !== 'identifier') return true;
  if (word(i) === 'into') return writes.has(word(i - 1));
  return word(i + 1) !== '(' || harmless.has(word(i)) || word(i - 1) === 'into';
}

/** True where a statement reads and writes rows and surely leaves the schema alone. */
function isData({ sql }: SqlStatement, syntax: SqlSyntax): boolean {
  const code = tokenize(sql, syntax).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const first = code.find(({ kind }) => kind === 'word')?.text.toLowerCase() ?? '';
  if (writes.has(first)) return true;
  return queries.has(first) && code.every((_, i) => onlyReads(code, i));
}

/** One JSON operation a line. */
function readEffect(section: SqlSection, file: string): readonly Operation[] {
  return section.text.split('\n').flatMap((text, i) => {
    const line = text.trim();
    if (line === '' || line.startsWith('--')) return [];
    return [parseOperation(line, { file, line: section.line + 1 + i })];
  });
}

function parseOperation(text: string, at: { readonly file: string; readonly line: number }): Operation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidRevision(
      at,
      'an effect is not JSON',
      'Write one operation a line, as `surefoot show --json` prints it.',
    );
  }
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : null;
  if (typeof kind === 'string' && Object.hasOwn(handlers, kind)) return value as Operation;
  throw invalidRevision(at, `an effect has no known kind of operation: ${JSON.stringify(kind)}`);
}

interface SectionInput {
  readonly file: SqlFile;
  readonly header: RevisionHeader;
  readonly target: LoadTarget;
}

/** What each statement is known to do to the schema: all of it is put on the last one. */
function effects(
  statements: readonly SqlStatement[],
  declared: readonly Operation[] | null,
  syntax: SqlSyntax,
): readonly (readonly Operation[] | null)[] {
  if (declared) return statements.map((_, i) => (i === statements.length - 1 ? declared : []));
  const isOnlyData = statements.every((statement) => isData(statement, syntax));
  return statements.map(() => (isOnlyData ? [] : null));
}

interface Loaded {
  readonly operations: readonly Operation[];
  readonly lines: readonly number[];
}

/** The statements of a direction; `null`: the file has no section for this server. */
function loadDirection(direction: 'upgrade' | 'downgrade', input: SectionInput): Loaded | null {
  const { file, header, target } = input;
  const section = sectionFor(file, { kind: direction, direction }, target);
  if (section === null) return null;
  const statements = splitStatements(section.text, target.syntax);
  const effect = sectionFor(file, { kind: 'effect', direction }, target);
  const declared = effect && readEffect(effect, header.file);
  if (declared && declared.length > 0 && statements.length === 0) {
    throw invalidRevision(
      { file: header.file, line: section.line },
      'an effect is declared and no statement has it',
    );
  }
  const known = effects(statements, declared, target.syntax);
  const operations = statements.map(
    ({ sql }, i): Operation => ({
      kind: 'execute',
      sql,
      inverse: null,
      effect: known[i] ?? null,
      transaction: file.transaction === 'auto',
    }),
  );
  return { operations, lines: statements.map(({ line }) => section.line + line) };
}

/** The operations of a revision in SQL. */
export function loadSqlRevision(
  text: string,
  header: RevisionHeader,
  target: LoadTarget,
): Pick<LoadedRevision, 'upgrade' | 'downgrade' | 'lines'> {
  const file = readSqlFile(text, header.file);
  const input = { file, header, target };
  const upgrade = loadDirection('upgrade', input);
  if (upgrade === null) {
    const hint = `Add a line '-- upgrade' or '-- upgrade [${target.flavor}]'; the section may be empty.`;
    throw invalidRevision({ file: header.file }, `it has no upgrade section for ${target.flavor}`, hint);
  }
  const back = loadDirection('downgrade', input);
  const result = { upgrade: upgrade.operations, lines: upgrade.lines };
  if (back !== null && file.irreversible !== null) {
    throw invalidRevision({ file: header.file }, 'it says irreversible and has a downgrade section');
  }
  if (back !== null) return { ...result, downgrade: { kind: 'operations', operations: back.operations } };
  return {
    ...result,
    downgrade: { kind: 'irreversible', reason: file.irreversible ?? 'no downgrade section' },
  };
}
