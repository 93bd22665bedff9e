import type { Flavor } from '../schema/schema.ts';
import type { Connection, Row } from './connection.ts';

/** The defaults of a server and a session that decide which schema SQL makes: charset, collation, search path, extensions. */
export type ScratchDefaults = Readonly<Record<string, string>>;

/** What is to become of a statement on a throw-away database. */
export type ScratchVerdict =
  | { readonly kind: 'run'; readonly sql: string }
  /** It has no place there and leaves the schema alone: rights, roles, upkeep. */
  | { readonly kind: 'skip' }
  /** It might reach what is not thrown away. */
  | { readonly kind: 'refuse'; readonly reason: string };

/** What a family knows about throw-away databases. */
export interface ScratchSupport {
  /** Servers of one series spell alike: "18", "10.11". */
  series(server: { readonly flavor: Flavor; readonly version: readonly number[] }): string;
  defaults(connection: Connection): Promise<ScratchDefaults>;
  /** `others`: the databases beside the throw-away one that share its server; `null`: it has a process of its own. */
  judge(sql: string, others: readonly string[] | null): ScratchVerdict;
  /** What makes a new session on an empty database stand as the target's; each statement may fail by itself. */
  setup(defaults: ScratchDefaults): readonly string[];
  /** Puts the session back where it stood after `setup`, for the time of a reading; `null`: nothing can lead it away. */
  readonly home: ScratchHome | null;
  /** How a server makes one; `null`: the family has no servers. */
  readonly database: ScratchDatabase | null;
}

/** A session that statements may lead away (SET search_path), and its way back. */
export interface ScratchHome {
  /** One row: how the session stands, for `leave`. */
  readonly state: string;
  enter(defaults: ScratchDefaults): readonly string[];
  leave(state: Row | undefined): readonly string[];
}

/** A throw-away database on a server. */
export interface ScratchDatabase {
  create(name: string, defaults: ScratchDefaults): readonly string[];
  drop(name: string): string;
  /** The databases of the server, in the column `name`. */
  readonly list: string;
  /** Those of them that this session's role made, as far as the server tells, in the column `name`. */
  readonly own: string;
  /** Leads a session of the server there; `null`: it needs a session of its own. */
  enter(name: string): string | null;
}
