// Texts that differ and may mean the same: a server spells both sides, and its spellings are compared.
// In: pairs of parts, the schemas they stand in, who spells. Out: a word on each pair. Must not know where a server comes from.

import type { Equality } from '../diff/compare.ts';
import { compareParts } from '../diff/compare.ts';
import type { UnsurePair } from '../diff/diff.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Part } from '../schema/parts.ts';
import { schemaParts } from '../schema/parts.ts';
import type { Ref, Schema, Table } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';

/** What settling needs of a server. */
export interface Speller {
  /** The schema as the server spells it, normalised; `null`: no server may be asked. */
  spell(schema: Schema): Promise<Schema | null>;
  /** As `Dialect.sameProgram`. */
  sameProgram?(a: string, b: string): boolean;
}

/** The schemas in which the parts of the pairs stand. */
export interface PairedSchemas {
  readonly wanted: Schema;
  readonly actual: Schema;
}

/** The word on a pair; `unsure` where no server could be asked. */
export type Verdicts = (pair: UnsurePair) => Equality;

const pairKey = ({ wanted, actual }: UnsurePair): string => canonicalJson([wanted.key, actual.key]);

/** What a server needs to spell these parts: their tables; for a program all tables and views, as any may stand in it. */
function neededFor(parts: readonly Part[], schema: Schema): Schema {
  if (parts.some(({ kind }) => kind === 'view' || kind === 'trigger' || kind === 'routine')) return schema;
  const owners = new Set(parts.map(({ owner }) => refKey(owner)));
  const tables = schema.tables.filter((table) => owners.has(refKey(table)));
  return { ...schema, tables, views: [], triggers: [], routines: [] };
}

/** A schema in which nothing that is compared lacks a name, so that it is found again once a server has spelled it. */
interface Labelled {
  readonly schema: Schema;
  /** The names given, by what the part says. */
  readonly names: ReadonlyMap<string, string>;
}

const saying = (kind: string, owner: Ref, form: object): string => canonicalJson([kind, refKey(owner), form]);

function labelled(schema: Schema): Labelled {
  const names = new Map<string, string>();
  const label =
    (kind: string, owner: Ref) =>
    <T extends { readonly name: string | null }>(part: T): T => {
      if (part.name !== null) return part;
      const name = `surefoot_${names.size}`;
      names.set(saying(kind, owner, part), name);
      return { ...part, name };
    };
  const tables = schema.tables.map((table): Table => {
    const [checks, indexes] = [
      table.checks.map(label('check', table)),
      table.indexes.map(label('index', table)),
    ];
    return { ...table, checks, indexes };
  });
  return { schema: { ...schema, tables }, names };
}

type FindSpelled = (part: Part) => Part | undefined;

const address = ({ kind, owner }: Part, name: string | null): string =>
  canonicalJson([kind, refKey(owner), name]);

/** Finds a part as the server spells it. Names count no more once it is found. */
async function spelled(
  parts: readonly Part[],
  schema: Schema,
  speller: Speller,
): Promise<FindSpelled | null> {
  const { schema: asked, names } = labelled(neededFor(parts, schema));
  const own = await speller.spell(asked);
  if (own === null) return null;
  const byAddress = new Map(schemaParts(own).map((part) => [address(part, part.name), part]));
  return (part) => {
    const given = names.get(saying(part.kind, part.owner, part.form));
    const found = byAddress.get(address(part, given ?? part.name));
    return found && (given === undefined ? found : { ...found, name: null });
  };
}

const sqlOf = ({ form }: Part): string | null =>
  'sql' in form && typeof form.sql === 'string' ? form.sql : null;

function isSameProgram({ wanted, actual }: UnsurePair, { sameProgram }: Speller): boolean {
  const [a, b] = [sqlOf(wanted), sqlOf(actual)];
  const isProgram = wanted.kind === 'view' || wanted.kind === 'trigger';
  return isProgram && a !== null && b !== null && sameProgram?.(a, b) === true;
}

/** One server spelled both: texts that still differ are different. */
function compareSpelled(wanted: Part | undefined, actual: Part | undefined): Equality {
  if (!wanted || !actual) return 'unsure';
  return compareParts(wanted, actual) === 'equal' ? 'equal' : 'different';
}

/** Settles the pairs, as far as a server may be asked. */
export async function settlePairs(
  pairs: readonly UnsurePair[],
  schemas: PairedSchemas,
  speller: Speller,
): Promise<Verdicts> {
  const verdicts = new Map<string, Equality>();
  const open = pairs.filter((pair) => {
    const isSame = isSameProgram(pair, speller);
    if (isSame) verdicts.set(pairKey(pair), 'equal');
    return !isSame;
  });
  if (open.length > 0) {
    const side = (name: 'wanted' | 'actual') =>
      spelled(
        open.map((pair) => pair[name]),
        schemas[name],
        speller,
      );
    const [wanted, actual] = [await side('wanted'), await side('actual')];
    for (const pair of open)
      verdicts.set(
        pairKey(pair),
        wanted && actual ? compareSpelled(wanted(pair.wanted), actual(pair.actual)) : 'unsure',
      );
  }
  return (pair) => verdicts.get(pairKey(pair)) ?? 'unsure';
}
