// What another tool's table says, against its files.
// In: migrations, their ids, the table. Out: what counts as applied, and what is wrong. Must not know whose table it is,
// nor write anything.

import type { ForeignEntry, ForeignHistory, ForeignLedger, ForeignMigration } from './tool.ts';

/** What keeps a state from being as the files say. */
export interface StateProblem {
  readonly kind:
    | 'half-applied'
    | 'failed'
    | 'behind-it'
    | 'file-gone'
    | 'edited'
    | 'skipped'
    | 'out-of-order';
  /** The migration, as the tool's table names it. */
  readonly name: string;
  readonly reason: string;
}

/** One line of the tool's table, as the report tells it. */
export interface ReportedEntry {
  readonly name: string;
  /** Its revision; `null`: no file is there for it. */
  readonly revision: string | null;
  readonly state: ForeignEntry['state'];
  readonly at: string | null;
  readonly detail: string | null;
}

/** What is taken over of a database. */
export interface AppliedState {
  readonly table: string;
  readonly entries: readonly ReportedEntry[];
  /** Revisions that count as applied, parents first. */
  readonly applied: readonly string[];
  readonly problems: readonly StateProblem[];
  readonly notes: readonly string[];
}

interface Side {
  readonly history: ForeignHistory;
  readonly ids: ReadonlyMap<string, string>;
  readonly ledger: ForeignLedger;
}

const unfinished = {
  'half-applied': 'was begun, and its end was never written down',
  failed: 'failed',
} as const;

function said({ detail }: ForeignEntry): string {
  const first = detail?.split('\n').find((line) => line.trim() !== '');
  return first === undefined ? '' : `: ${first.trim().slice(0, 200)}`;
}

function troubleOf(entry: ForeignEntry): readonly StateProblem[] {
  if (entry.state === 'applied') return [];
  const reason = `it ${unfinished[entry.state]}${said(entry)}. The state is taken over up to before it: undo what it did or do the rest, then upgrade, or stamp it`;
  return [{ kind: entry.state, name: entry.name, reason }];
}

function editedSince(migration: ForeignMigration, entry: ForeignEntry): boolean {
  const { checksums } = migration;
  return checksums !== undefined && entry.checksum !== null && !checksums.includes(entry.checksum);
}

/** Where the first migration stands that did not end; all: none. */
function endOf({ history }: Side, states: ReadonlyMap<string, ForeignEntry>): number {
  const at = history.migrations.findIndex(({ name }) => (states.get(name)?.state ?? 'applied') !== 'applied');
  return at < 0 ? history.migrations.length : at;
}

function fileProblems(side: Side, states: ReadonlyMap<string, ForeignEntry>): readonly StateProblem[] {
  const { history } = side;
  const end = endOf(side, states);
  const last = history.migrations.findLastIndex(({ name }) => states.has(name));
  return history.migrations.flatMap((migration, i): readonly StateProblem[] => {
    const { name } = migration;
    const entry = states.get(name);
    if (entry === undefined)
      return i < last && i < end
        ? [{ kind: 'skipped', name, reason: 'it never ran, and later ones did: upgrade will run it' }]
        : [];
    const problems: StateProblem[] = [...troubleOf(entry)];
    if (i > end && entry.state === 'applied')
      problems.push({
        kind: 'behind-it',
        name,
        reason: 'it ran, behind one that did not end: not taken over',
      });
    if (entry.state === 'applied' && editedSince(migration, entry))
      problems.push({
        kind: 'edited',
        name,
        reason: 'its file is not the one that ran: the checksum differs',
      });
    return problems;
  });
}

function goneFiles({ history, ledger }: Side): readonly StateProblem[] {
  const known = new Set(history.migrations.map(({ name }) => name));
  return ledger.entries
    .filter(({ name }) => !known.has(name))
    .flatMap((entry) => [
      {
        kind: 'file-gone' as const,
        name: entry.name,
        reason: 'the table names it, and there is no file: what it did is not in the revisions',
      },
      ...troubleOf(entry),
    ]);
}

/** Those that ran before one that comes earlier in the files. */
function outOfOrder({ history, ledger }: Side): readonly StateProblem[] {
  const place = new Map(history.migrations.map(({ name }, i) => [name, i]));
  let highest = -1;
  return ledger.entries.flatMap(({ name }) => {
    const at = place.get(name);
    if (at === undefined) return [];
    const isLate = at < highest;
    highest = Math.max(highest, at);
    return isLate
      ? [
          {
            kind: 'out-of-order' as const,
            name,
            reason: 'it ran after one that comes later: another database will not',
          },
        ]
      : [];
  });
}

/** What counts as applied. A state is not taken over past a migration that failed or did not end. */
export function appliedState(side: Side): AppliedState {
  const { history, ids, ledger } = side;
  const states = new Map(ledger.entries.map((entry) => [entry.name, entry]));
  const end = endOf(side, states);
  const applied = history.migrations
    .slice(0, end)
    .filter(({ name }) => states.get(name)?.state === 'applied')
    .map(({ name }) => ids.get(name) ?? name);
  return {
    table: ledger.table,
    entries: ledger.entries.map(({ name, state, at, detail }) => ({
      name,
      revision: ids.get(name) ?? null,
      state,
      at,
      detail,
    })),
    applied,
    problems: [...fileProblems(side, states), ...goneFiles(side), ...outOfOrder(side)],
    notes: ledger.notes,
  };
}

/** Problems that leave the state as the tool has it: they are told, and no more. */
const harmless: readonly StateProblem['kind'][] = ['out-of-order'];

/** True where somebody has to look. */
export function needsHand({ problems }: AppliedState): boolean {
  return problems.some(({ kind }) => !harmless.includes(kind));
}
