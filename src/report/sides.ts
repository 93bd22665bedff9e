// Server, history and models, row by row.
// In: the schemas, and what a comparison found. Out: Sides. Must not compare by itself: spelling is no difference.

import type { Difference } from '../diff/compare.ts';
import { displayForm } from '../schema/display.ts';
import type { Part } from '../schema/parts.ts';
import { findPart, indexParts, schemaParts } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import type { SideRow, Sides } from './report.ts';
import { reportPart } from './spans.ts';

/** Two schemas that were compared, and what differs. */
export interface ComparedSchemas {
  readonly wanted: Schema;
  readonly actual: Schema;
  readonly differences: readonly Difference[];
}

export interface SidesInput {
  /** History as wanted at the recorded revisions, beside the server; `null`: no server was asked. */
  readonly server: ComparedSchemas | null;
  /** The models as wanted, beside history at its heads; `null`: there are none. */
  readonly models: ComparedSchemas | null;
  /** History at its heads. */
  readonly history: Schema;
  readonly at: readonly string[];
  /** By the part's key. */
  readonly named: ReadonlyMap<string, string>;
}

interface Draft {
  readonly part: Part;
  server: string | null;
  history: string | null;
  models: string | null;
  drifts: boolean;
  modelDiffers: boolean;
}

const draftOf = (part: Part, given: Partial<Draft>): Draft => ({
  ...{ server: null, history: null, models: null, drifts: false, modelDiffers: false },
  ...given,
  part,
});

/** What the other side says: the same, unless it was found to differ. */
function sameOr(words: string, difference: Difference | undefined, other: Part | null): string | null {
  if (other === null) return null;
  return difference === undefined ? words : displayForm(other);
}

/** Rows by the parts of what was compared: what differs has two texts, all else has one. */
function compared({ wanted, actual, differences }: ComparedSchemas): readonly Draft[] {
  const wantedParts = new Map(differences.map((one) => [one.wanted?.key, one]));
  const actualKeys = new Set(differences.map((one) => one.actual?.key));
  const found = indexParts(schemaParts(actual));
  const pairs = new Set<string>();
  const rows = schemaParts(wanted).map((part): Draft => {
    const difference = wantedParts.get(part.key);
    const other = difference ? difference.actual : findPart(found, part, (key) => actualKeys.has(key));
    if (other) pairs.add(other.key);
    const drifts = difference !== undefined && difference.kind !== 'unproven';
    const words = displayForm(part);
    return draftOf(part, {
      history: words,
      server: sameOr(words, difference, other ?? null),
      drifts,
    });
  });
  const extra = schemaParts(actual)
    .filter(({ key }) => !pairs.has(key))
    .map((part) => draftOf(part, { server: displayForm(part), drifts: actualKeys.has(part.key) }));
  return [...rows, ...extra];
}

/** Adds what the models say to rows that know server and history. */
function withModels(rows: readonly Draft[], models: ComparedSchemas): readonly Draft[] {
  const known = new Map(rows.map((row) => [row.part.key, row]));
  const bySlot = new Map(rows.map((row) => [row.part.slot, row]));
  const rowOf = (part: Part): Draft | undefined => known.get(part.key) ?? bySlot.get(part.slot);
  const more: Draft[] = [];
  for (const { part, history, server, drifts } of compared(models)) {
    const row = rowOf(part);
    // Seen from the models, `history` holds their words, and `server` those of history at its heads.
    if (row === undefined) more.push(draftOf(part, { models: history, modelDiffers: drifts }));
    else {
      row.models = drifts || history === null ? history : (row.history ?? row.server ?? history);
      row.modelDiffers = drifts;
      if (!drifts && history !== null && server === history && row.drifts)
        row.models = row.history ?? history;
    }
  }
  return [...rows, ...more];
}

const kinds = ['namespace', 'enum', 'sequence', 'table', 'comment', 'column', 'primary-key', 'unique'];
const later = ['foreign-key', 'check', 'index', 'trigger', 'view', 'routine'];
const rank = new Map([...kinds, ...later].map((kind, i) => [kind, i]));

function byOwner(a: SideRow, b: SideRow): number {
  if (a.owner !== b.owner) return a.owner < b.owner ? -1 : 1;
  return (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0);
}

/** Server, history and models side by side. */
export function sidesOf(input: SidesInput): Sides {
  const base = input.server
    ? compared(input.server)
    : schemaParts(input.history).map((part) => draftOf(part, { history: displayForm(part) }));
  const rows = input.models ? withModels(base, input.models) : base;
  const named = ({ key, slot }: Part) => input.named.get(key) ?? input.named.get(`${slot}\u0001~`) ?? null;
  return {
    hasServer: input.server !== null,
    hasModels: input.models !== null,
    at: input.at,
    rows: rows
      .map(({ part, ...sides }): SideRow => ({ ...reportPart(part), ...sides, revision: named(part) }))
      .sort(byOwner),
  };
}
