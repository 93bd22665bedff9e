import type { OperationKind } from '../../../src/operations/operation.ts';
import type { Engine } from '../../servers/index.ts';
import type { At, Written } from '../world.ts';

/** Engines that behave alike. */
export type Group = Engine | 'postgres' | 'mysql';

/** The groups of an engine, the engine itself first. */
export const groupsOf: Readonly<Record<Engine, readonly Group[]>> = {
  sqlite: ['sqlite'],
  pglite: ['pglite', 'postgres'],
  postgres14: ['postgres14', 'postgres'],
  postgres18: ['postgres18', 'postgres'],
  mariadb: ['mariadb', 'mysql'],
  mysql9: ['mysql9', 'mysql'],
};

export type Reasons = Readonly<Partial<Record<Group, string>>>;

export type Answer = readonly [sql: string, rows: readonly string[]];

/** One thing that an operation can do. */
export interface Case {
  readonly name: string;
  /** What is there before. */
  readonly before?: Written;
  readonly up: Written;
  /** Where `'auto'` cannot undo it. */
  readonly down?: Written;
  /** Queries after the upgrade and after the downgrade, each with its rows: values as text, a bar between them. */
  readonly rows?: (at: At) => { readonly up?: Answer; readonly down?: Answer };
  /** Refused there, before anything is touched: why. */
  readonly unsupported?: Reasons;
  /** True: nothing undoes it. */
  readonly irreversible?: boolean;
  /** Nothing is done there: why. */
  readonly ignored?: Reasons;
}

export type Cases<K extends OperationKind> = Readonly<Record<K, readonly Case[]>>;

/** The reason of the engine, or of its group. */
export function reasonFor(engine: Engine, reasons: Reasons | undefined): string | null {
  for (const group of groupsOf[engine]) {
    const reason = reasons?.[group];
    if (reason !== undefined) return reason;
  }
  return null;
}

/** A table for most cases, with two rows. */
export const item: Written = (op) => {
  op.createTable('item', (t) => ({
    id: t.integer().primaryKey(),
    name: t.varchar(40).notNull().default('none'),
    code: t.varchar(20),
    n: t.integer(),
    price: t.numeric(10, 2),
  }));
  op.insertRows('item', [
    { id: 1, name: "it's", code: 'a', n: 5, price: 1.5 },
    { id: 2, name: 'two', code: null, n: null, price: null },
  ]);
};

/** The parent of most foreign keys. */
export const owner: Written = (op) => {
  op.createTable(
    'owner',
    (t) => ({ id: t.integer().primaryKey(), a: t.integer().notNull(), b: t.integer().notNull() }),
    {
      uniques: [{ name: 'uq_owner_pair', columns: ['a', 'b'] }],
    },
  );
  op.insertRows('owner', [{ id: 1, a: 1, b: 1 }]);
};

/** One after the other. */
export const both =
  (...all: readonly Written[]): Written =>
  (op, at) => {
    for (const one of all) one(op, at);
  };
