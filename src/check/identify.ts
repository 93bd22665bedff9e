import type { Dialect } from '../dialect/dialect.ts';
import { effectKey, effectsOf } from '../plan/effects.ts';
import { walkHistory } from '../plan/replay.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { effectiveHeads } from '../revisions/graph.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { Part, PartIndex } from '../schema/parts.ts';
import { findPart, indexParts, schemaParts } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';

// At which revision does this schema really stand? History is replayed once, revision by revision; the number of parts that
// differ from the server is kept up to date by what each revision changes, so that a long history costs what it does, and
// not its length times the size of the schema.

/** A point of history, with the number of parts by which the server differs from it. */
export interface Point {
  /** The version rows at that point; empty: base. */
  readonly heads: readonly string[];
  readonly distance: number;
}

export interface IdentifyInput {
  readonly graph: RevisionGraph;
  /** Every revision of the graph, parents first. */
  readonly revisions: readonly LoadedRevision[];
  readonly dialect: Dialect;
  readonly live: Schema;
  /** True where two forms are the same by the server's own spelling. */
  readonly equal: (wanted: Part, found: Part) => boolean;
}

/** What a revision makes of each part: `null` is absence. */
type Change = readonly [key: string, after: Part | null];

function changesOf({ revisions, dialect }: IdentifyInput): readonly (readonly Change[])[] {
  const changes = new Map(revisions.map((revision) => [revision, [] as Change[]]));
  walkHistory(revisions, dialect, (operation, before, revision) => {
    for (const effect of effectsOf(operation, before, dialect))
      changes.get(revision)?.push([effectKey(effect), effect.after]);
  });
  return [...changes.values()];
}

/** The parts of the server that history names somewhere; what it never names counts at no point. */
function namedLive(live: Schema, changes: readonly (readonly Change[])[]): readonly Part[] {
  const named = new Set(changes.flat().map(([key]) => key));
  return schemaParts(live).filter((part) => named.has(part.key) || named.has(`${part.slot}\u0001~`));
}

interface Ledger {
  /** Wanted parts that the server lacks or has in another form. */
  readonly wrong: Set<string>;
  /** By wanted key, the server's part that it was matched with. */
  readonly matched: Map<string, Part>;
}

function note(
  ledger: Ledger,
  [key, after]: Change,
  facts: { readonly live: PartIndex; readonly equal: IdentifyInput['equal'] },
): void {
  ledger.matched.delete(key);
  ledger.wrong.delete(key);
  if (after === null) return;
  const found = findPart(facts.live, after);
  if (found) ledger.matched.set(key, found);
  if (!found || !facts.equal(after, found)) ledger.wrong.add(key);
}

/** Every point of history from base to the heads, with its distance from the server. */
export function pointsOfHistory(input: IdentifyInput): readonly Point[] {
  const changes = changesOf(input);
  const named = namedLive(input.live, changes);
  const facts = { live: indexParts(named), equal: input.equal };
  const ledger: Ledger = { wrong: new Set(), matched: new Map() };
  const applied = new Set<string>();
  const distance = () => ledger.wrong.size + named.length - new Set(ledger.matched.values()).size;
  const points: Point[] = [{ heads: [], distance: distance() }];
  input.revisions.forEach((revision, i) => {
    for (const change of changes[i] ?? []) note(ledger, change, facts);
    applied.add(revision.header.id);
    points.push({ heads: effectiveHeads(input.graph, applied), distance: distance() });
  });
  return points;
}

/** The points that the server is nearest to. */
export function nearestPoints(points: readonly Point[]): readonly Point[] {
  const least = Math.min(...points.map(({ distance }) => distance));
  return points.filter(({ distance }) => distance === least);
}
