import type { PartKind } from '../schema/parts.ts';
import type { Flavor } from '../schema/schema.ts';

/** Kinds of parts no two of which have the same name in one namespace, whatever tables they belong to. */
export interface SharedNames {
  readonly kinds: readonly PartKind[];
  /** True: `Name` and `NAME` are the same. */
  readonly ignoresCase: boolean;
}

/** Facts about one server. Facts, not behaviour: a rule may read them, a test may fake them. */
export interface Traits {
  readonly flavor: Flavor;
  readonly version: readonly [major: number, minor: number, patch: number];
  /** True: DDL takes part in transactions. */
  readonly transactionalDdl: boolean;
  /** True: an alteration may need the table to be copied, with foreign keys switched off. */
  readonly rebuildsTables: boolean;
  /** True: a named enum is an object of its own; false: its values stand at each column. */
  readonly namedEnums: boolean;
  /** True: a namespace is a schema inside the database. */
  readonly namespaces: boolean;
  readonly maxIdentifier: { readonly length: number; readonly unit: 'bytes' | 'characters' };
  /** Beyond these, a name is free in every table. */
  readonly sharedNames: readonly SharedNames[];
  /** The largest number of bound values in a statement. */
  readonly maxParameters: number;
}

/** What the server knows about itself, read once at the start of a session. */
export interface ServerFacts {
  readonly traits: Traits;
  /** Where the connection stands: current database and default namespace. */
  readonly database: string;
  readonly namespace: string | null;
  readonly readOnly: boolean;
  readonly replica: boolean;
  /** `user@host` as the server sees it. */
  readonly user: string;
  /** Text for people: "PostgreSQL 18.4". */
  readonly product: string;
}
