// Which tables and columns got another name, decided before anything is compared.
// In: two normalised schemas, answers, perhaps somebody to ask. Out: renames, and what nobody has answered.
// Must not guess: where nobody answers, nothing is decided.

import type { Renames } from '../../diff/diff.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { Schema } from '../../schema/schema.ts';
import { displayRef, refKey, sameRef } from '../../schema/schema.ts';
import type { RenameAnswer } from './answers.ts';
import { readHints, readRenames } from './answers.ts';
import type { RenameCandidate, Settled } from './candidates.ts';
import { answerFor, candidateKey, displayCandidate, renameCandidates } from './candidates.ts';

/** What is said about names beforehand. */
export interface RenameChoices {
  /** `old_table:new_table`, `table.old:new`. One that fits nothing is refused. */
  readonly rename: readonly string[];
  /** True: nothing else was renamed. */
  readonly noRenames: boolean;
  readonly hints: readonly RenameAnswer[];
  /** Asks about one candidate; `null`: nobody is there to be asked. */
  readonly ask: ((candidate: RenameCandidate) => Promise<boolean>) | null;
}

export interface DecidedRenames {
  readonly renames: Renames;
  /** Candidates of which nobody said whether they are renames. */
  readonly unanswered: readonly RenameCandidate[];
}

function accept({ renames, refused }: Settled, candidate: RenameCandidate): Settled {
  if (candidate.kind === 'table') {
    const { from, to } = candidate;
    return { refused, renames: { ...renames, tables: [...renames.tables, { from, to }] } };
  }
  const { table, from, to } = candidate;
  return { refused, renames: { ...renames, columns: [...renames.columns, { table, from, to }] } };
}

const refuse = ({ renames, refused }: Settled, candidate: RenameCandidate): Settled => ({
  renames,
  refused: new Set([...refused, candidateKey(candidate)]),
});

/** What was said twice counts once; what was said first wins. */
function joined(first: Renames, second: Renames): Renames {
  const isNew =
    <T>(list: readonly T[], same: (a: T, b: T) => boolean) =>
    (one: T) =>
      !list.some((other) => same(one, other));
  const tables = second.tables.filter(
    isNew(first.tables, (a, b) => sameRef(a.from, b.from) || sameRef(a.to, b.to)),
  );
  const columns = second.columns.filter(
    isNew(first.columns, (a, b) => sameRef(a.table, b.table) && (a.from === b.from || a.to === b.to)),
  );
  return { tables: [...first.tables, ...tables], columns: [...first.columns, ...columns] };
}

function namesOf(candidate: RenameCandidate, { renames }: Settled): readonly string[] {
  if (candidate.kind === 'table') return [displayRef(candidate.from)];
  const before = renames.tables.find((one) => refKey(one.to) === refKey(candidate.table))?.from;
  const tables = [candidate.table, ...(before ? [before] : [])];
  return tables.map((table) => `${displayRef(table)}.${candidate.from}`);
}

/** Takes the answers that were given, and asks for the others where somebody is there. */
export async function decideRenames(
  schemas: { readonly from: Schema; readonly to: Schema },
  choices: RenameChoices,
): Promise<DecidedRenames> {
  const { from, to } = schemas;
  const hints = readHints(choices.hints, schemas);
  const renames = joined(readRenames(choices.rename, schemas), hints.renames);
  let settled: Settled = { renames, refused: new Set() };
  if (choices.noRenames) return { renames, unanswered: [] };
  const isGone = (candidate: RenameCandidate) =>
    namesOf(candidate, settled).some((name) => hints.gone.has(name));
  if (choices.ask === null)
    return { renames, unanswered: renameCandidates(from, to, settled).filter((one) => !isGone(one)) };
  for (;;) {
    const [candidate] = renameCandidates(from, to, settled);
    if (!candidate) return { renames: settled.renames, unanswered: [] };
    const isRename = !isGone(candidate) && (await choices.ask(candidate));
    settled = isRename ? accept(settled, candidate) : refuse(settled, candidate);
  }
}

/** The refusal: whether values are kept or lost is for people to say. */
export function unanswered(candidates: readonly RenameCandidate[], hintsFile: string): SurefootError {
  const shown = candidates.map(displayCandidate);
  const answers = candidates.map((one) => `--rename ${shellWord(answerFor(one))}`);
  return new SurefootError(
    'autogenerate/renames-unanswered',
    `this may have got another name, or be gone and something else new: ${shown.join('; ')}`,
    {
      details: { candidates: shown, answers },
      hint: `Nothing was written. If it is a rename, the values stay: ${answers.join(' ')}. If not, they are dropped: --no-renames. Or answer once for all in ${hintsFile}.`,
    },
  );
}

/** A word as a shell takes it. */
function shellWord(text: string): string {
  return /^[\w.:@%+=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
