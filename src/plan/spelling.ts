import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { compareParts } from '../diff/compare.ts';
import type { Part, PartIndex } from '../schema/parts.ts';
import { findPart, indexParts, schemaParts } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';

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

export function createSpelling(
  dialect: Dialect,
  connection: Connection,
  elsewhere: SpellElsewhere = async () => null,
): Spelling {
  const spelled = new Map<Schema, PartIndex | null>();
  return {
    learn: async (pairs) => {
      const schemas = pairs
        .filter(({ described, found }) => compareParts(described.part, found) === 'unsure')
        .map(({ described }) => described.schema);
      for (const schema of new Set(schemas)) {
        if (spelled.has(schema)) continue;
        const own = (await dialect.spell(connection, schema)) ?? (await elsewhere(schema));
        spelled.set(schema, own && indexParts(schemaParts(dialect.normalize(own))));
      }
    },
    equal: ({ part, schema }, found) => {
      const equality = compareParts(part, found);
      if (equality !== 'unsure') return equality === 'equal';
      if (isSameProgram(part, found, dialect)) return true;
      const index = spelled.get(schema);
      const own = index && findPart(index, part);
      return own !== undefined && own !== null && compareParts(own, found) === 'equal';
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
