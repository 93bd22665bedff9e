// Answers about names: `old:new` as people say it. In: texts, two schemas. Out: renames, or a refusal that says what is known.
// Must not know where the answers come from.

import type { Renames } from '../../diff/diff.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { Schema, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, findTable, refOf, sameRef } from '../../schema/schema.ts';

/** An answer: what was called so before, and how it is called now; `null`: it has no new name, it goes. */
export interface RenameAnswer {
  readonly from: string;
  readonly to: string | null;
}

/** The two schemas, and the tables that have a new name already. */
interface Sides {
  readonly from: Schema;
  readonly to: Schema;
  readonly tables: Renames['tables'];
}

type Named =
  | { readonly kind: 'table'; readonly from: TableRef; readonly to: TableRef }
  | { readonly kind: 'column'; readonly table: TableRef; readonly from: string; readonly to: string };

function tableOf(answer: RenameAnswer, { from, to }: Sides): Named | null {
  const old = from.tables.find((table) => displayRef(table) === answer.from);
  const made = to.tables.find(
    (table) =>
      displayRef(table) === answer.to || (table.name === answer.to && table.namespace === old?.namespace),
  );
  if (!old || !made || findTable(to, old) || findTable(from, made)) return null;
  return { kind: 'table', from: refOf(old), to: refOf(made) };
}

/** The table as the models have it, for its form in history. */
function pairs({ from, to, tables }: Sides): readonly { readonly old: Table; readonly table: Table }[] {
  return to.tables.flatMap((table) => {
    const before = tables.find((one) => sameRef(one.to, table))?.from ?? table;
    const old = findTable(from, before);
    return old ? [{ old, table }] : [];
  });
}

/** `user.old`, under the table's old or new name; the new name may carry the table's, too. */
function columnOf(answer: RenameAnswer, sides: Sides): Named | null {
  for (const { old, table } of pairs(sides)) {
    const labels = [displayRef(old), displayRef(table)];
    const gone = old.columns.find(({ name }) => labels.some((label) => `${label}.${name}` === answer.from));
    const made = table.columns.find(
      ({ name }) => name === answer.to || labels.some((label) => `${label}.${name}` === answer.to),
    );
    const has = ({ columns }: Table, wanted: string) => columns.some(({ name }) => name === wanted);
    if (!gone || !made || has(table, gone.name) || has(old, made.name)) continue;
    return { kind: 'column', table: refOf(table), from: gone.name, to: made.name };
  }
  return null;
}

/** All ways to cut a text at a colon or an equals sign: names may hold some. */
function cuts(text: string): readonly RenameAnswer[] {
  return [...text].flatMap((letter, at) =>
    letter === ':' || letter === '='
      ? [{ from: [...text].slice(0, at).join(''), to: [...text].slice(at + 1).join('') }]
      : [],
  );
}

function whatIsKnown({ from, to }: Sides): readonly string[] {
  const gone = from.tables.filter((table) => !findTable(to, table)).map(displayRef);
  const columns = pairs({ from, to, tables: [] }).flatMap(({ old, table }) =>
    old.columns
      .filter(({ name }) => !table.columns.some((one) => one.name === name))
      .map(({ name }) => `${displayRef(old)}.${name}`),
  );
  return [...gone, ...columns];
}

function unknown(text: string, sides: Sides): SurefootError {
  const known = whatIsKnown(sides);
  const list = known.length === 0 ? 'Nothing went away.' : `What went away: ${known.join(', ')}.`;
  return new SurefootError(
    'autogenerate/unknown-rename',
    `--rename ${text}: no table or column went away under the first name and came under the second`,
    {
      details: { rename: text, known },
      hint: `Write old_table:new_table, or table.old:new. ${list}`,
    },
  );
}

function add(renames: Renames, named: Named): Renames {
  if (named.kind === 'table')
    return { ...renames, tables: [...renames.tables, { from: named.from, to: named.to }] };
  const { table, from, to } = named;
  return { ...renames, columns: [...renames.columns, { table, from, to }] };
}

/** The renames that these texts say. Tables are read first, since their columns are found under either name. */
export function readRenames(
  texts: readonly string[],
  schemas: { readonly from: Schema; readonly to: Schema },
): Renames {
  let renames: Renames = { tables: [], columns: [] };
  const open: string[] = [];
  for (const text of texts) {
    const found = cuts(text).flatMap((cut) => tableOf(cut, { ...schemas, tables: [] }) ?? [])[0];
    if (found) renames = add(renames, found);
    else open.push(text);
  }
  for (const text of open) {
    const sides = { ...schemas, tables: renames.tables };
    const found = cuts(text).flatMap((cut) => columnOf(cut, sides) ?? [])[0];
    if (!found) throw unknown(text, sides);
    renames = add(renames, found);
  }
  return renames;
}

/** What a hints file says and what is still to be done of it; the rest was done, or is not there yet. */
export interface ReadHints {
  readonly renames: Renames;
  /** What goes, and is no other thing under a new name: `table`, `table.column`. */
  readonly gone: ReadonlySet<string>;
}

/** A hint that fits nothing is no mistake: what it says was done by an earlier revision. */
export function readHints(
  hints: readonly RenameAnswer[],
  schemas: { readonly from: Schema; readonly to: Schema },
): ReadHints {
  let renames: Renames = { tables: [], columns: [] };
  for (const hint of hints) {
    const found = tableOf(hint, { ...schemas, tables: [] });
    if (found) renames = add(renames, found);
  }
  for (const hint of hints) {
    const found = columnOf(hint, { ...schemas, tables: renames.tables });
    if (found) renames = add(renames, found);
  }
  return { renames, gone: new Set(hints.flatMap(({ from, to }) => (to === null ? [from] : []))) };
}
