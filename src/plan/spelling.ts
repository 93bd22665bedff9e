import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { compareParts } from '../diff/compare.ts';
import type { Part, PartIndex } from '../schema/parts.ts';
import { findPart, indexParts, schemaParts } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';

/** A part as history describes it, with the objects it stands in: what a server needs to spell it. */
export interface Described {
  readonly part: Part;
  readonly schema: Schema;
}

/**
 * Compares what history describes with what the server has. Expressions that text cannot prove equal are settled by
 * the server itself: it spells the described objects where nobody sees them, and its spelling is compared.
 */
export interface Spelling {
  /** Learns how the server spells those of the pairs that differ by text only. */
  learn(pairs: readonly { readonly described: Described; readonly found: Part }[]): Promise<void>;
  equal(described: Described, found: Part): boolean;
  /** True where the two differ by text only, and no server could be asked. */
  isUnproven(described: Described, found: Part): boolean;
}

/** Spells a schema on another server that spells like the examined one; `null`: there is none. */
export type SpellElsewhere = (schema: Schema) => Promise<Schema | null>;

const sqlOf = ({ form }: Part): string | null =>
  'sql' in form && typeof form.sql === 'string' ? form.sql : null;

function isSameProgram(part: Part, found: Part, dialect: Dialect): boolean {
  if (part.kind !== 'view' && part.kind !== 'trigger') return false;
  const [a, b] = [sqlOf(part), sqlOf(found)];
  return a !== null && b !== null && dialect.sameProgram?.(a, b) === true;
}

/** How a server spells a schema. */
interface Spelled {
  readonly index: PartIndex;
  /** What the schema leaves unnamed, by what it belongs to: its slot is its text, which is another now. */
  readonly unnamed: ReadonlyMap<string, readonly Part[]>;
}

const familyOf = ({ kind, owner }: Part): string => `${kind} ${refKey(owner)}`;

function spelledAs(given: Schema, own: Schema): Spelled {
  const named = new Set(schemaParts(given).flatMap((part) => (part.name === null ? [] : [part.key])));
  const parts = schemaParts(own);
  const unnamed = parts.filter(({ key }) => !named.has(key)).map((part) => ({ ...part, name: null }));
  return { index: indexParts(parts), unnamed: Map.groupBy(unnamed, familyOf) };
}

function isSpelledSo({ index, unnamed }: Spelled, part: Part, found: Part): boolean {
  const own = findPart(index, part);
  if (own !== undefined && compareParts(own, found) === 'equal') return true;
  if (part.name !== null) return false;
  return unnamed.get(familyOf(part))?.some((one) => compareParts(one, found) === 'equal') ?? false;
}

export function createSpelling(
  dialect: Dialect,
  connection: Connection,
  elsewhere: SpellElsewhere = async () => null,
): Spelling {
  const spelled = new Map<Schema, Spelled | null>();
  return {
    learn: async (pairs) => {
      const schemas = pairs
        .filter(({ described, found }) => compareParts(described.part, found) === 'unsure')
        .map(({ described }) => described.schema);
      for (const schema of new Set(schemas)) {
        if (spelled.has(schema)) continue;
        const own = (await dialect.spell(connection, schema)) ?? (await elsewhere(schema));
        spelled.set(schema, own && spelledAs(schema, dialect.normalize(own)));
      }
    },
    equal: ({ part, schema }, found) => {
      const equality = compareParts(part, found);
      if (equality !== 'unsure') return equality === 'equal';
      if (isSameProgram(part, found, dialect)) return true;
      const own = spelled.get(schema);
      return own !== undefined && own !== null && isSpelledSo(own, part, found);
    },
    isUnproven: ({ part, schema }, found) =>
      spelled.get(schema) === null && compareParts(part, found) === 'unsure',
  };
}

/** Compares by text alone, where no server is asked. */
export const textSpelling: Spelling = {
  learn: async () => {},
  equal: ({ part }, found) => compareParts(part, found) === 'equal',
  isUnproven: () => false,
};
