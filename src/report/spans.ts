// The schema at every place of the chain, each part once for each form it had.
// In: revisions, parents first. Out: PartSpan[]. Must not ask a database.

import type { Dialect } from '../dialect/dialect.ts';
import { applyTo } from '../operations/apply.ts';
import { completeIn } from '../plan/replay.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { displayForm } from '../schema/display.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { openDraft } from '../schema/draft.ts';
import type { PartMap } from '../schema/part-map.ts';
import type { Part } from '../schema/parts.ts';
import { schemaParts, tableParts } from '../schema/parts.ts';
import type { ForeignKey, Schema, Table } from '../schema/schema.ts';
import { displayRef, emptySchema } from '../schema/schema.ts';
import { nameOf } from './part-name.ts';
import type { PartSpan, ReportPart } from './report.ts';

/** A part as the report names it. */
export function reportPart(part: Part): ReportPart {
  const base = { owner: displayRef(part.owner), kind: part.kind, name: nameOf(part) };
  if (part.kind !== 'foreign-key') return base;
  return { ...base, references: displayRef((part.form as ForeignKey).references.table) };
}

interface Open {
  readonly words: string;
  readonly from: number;
  readonly part: ReportPart;
}

/** The spans that are open, by part; those that ended. */
interface Ledger {
  readonly open: Map<string, Open>;
  readonly ended: PartSpan[];
}

function settle(ledger: Ledger, before: readonly Part[], after: readonly Part[], place: number): void {
  const now = new Map(after.map((part) => [part.key, part]));
  for (const { key } of before) {
    const open = ledger.open.get(key);
    const part = now.get(key);
    if (open === undefined || (part !== undefined && displayForm(part) === open.words)) continue;
    // What came and went within one revision was never there at any place.
    if (open.from < place) ledger.ended.push({ ...open.part, words: open.words, from: open.from, to: place });
    ledger.open.delete(key);
  }
  for (const [key, part] of now)
    if (!ledger.open.has(key))
      ledger.open.set(key, { words: displayForm(part), from: place, part: reportPart(part) });
}

const rest = (draft: SchemaDraft): Schema => ({
  ...emptySchema,
  namespaces: [...draft.namespaces],
  enums: [...draft.enums.values()],
  sequences: [...draft.sequences.values()],
  views: [...draft.views.values()],
  routines: [...draft.routines.values()],
  triggers: [...draft.triggers.values()],
});

/** Tables are replaced and never changed, so that those that stayed are found by looking at which they are. */
function noteTables(
  ledger: Ledger,
  before: PartMap<Table>,
  { tables, place }: { readonly tables: PartMap<Table>; readonly place: number },
): void {
  for (const [key, table] of before) if (!tables.has(key)) settle(ledger, tableParts(table), [], place);
  for (const [key, table] of tables) {
    const old = before.get(key);
    if (old !== table) settle(ledger, old ? tableParts(old) : [], tableParts(table), place);
  }
}

const countRest = ({ namespaces, enums, sequences, views, routines, triggers }: SchemaDraft): number =>
  namespaces.size + enums.size + sequences.size + views.size + routines.size + triggers.size;

/** What history says at every place of the chain. */
export function historySpans(revisions: readonly LoadedRevision[], dialect: Dialect): readonly PartSpan[] {
  const draft = openDraft(emptySchema);
  const ledger: Ledger = { open: new Map(), ended: [] };
  let others: readonly Part[] = [];
  for (const [place, { upgrade }] of revisions.entries()) {
    const tables = draft.tables.copy();
    for (const operation of upgrade) applyTo(draft, completeIn(operation, draft, dialect));
    noteTables(ledger, tables, { tables: draft.tables, place });
    if (others.length === 0 && countRest(draft) === 0) continue;
    const now = schemaParts(rest(draft));
    settle(ledger, others, now, place);
    others = now;
  }
  const open = [...ledger.open.values()].map(
    ({ part, words, from }): PartSpan => ({ ...part, words, from, to: null }),
  );
  return [...ledger.ended, ...open].sort((a, b) => a.from - b.from);
}
