import type { TableRef } from '../schema/schema.ts';
import type { Connection } from './connection.ts';
import type { ServerAddress } from './native-backup.ts';
import type { Leftover, WorkProgress } from './waiting.ts';

/** How a table in use is to be altered: asked for in turn, from the cheapest way on. Plain data: it stands in a plan. */
export interface Alteration {
  readonly table: TableRef;
  /** What is changed, without the words that say of which table. */
  readonly clauses: string;
  /** What is put behind the statement to ask for a way. Where the server has none of them, it would copy the table. */
  readonly ways: readonly string[];
}

/** What a family knows of altering tables in use; `null`: its servers have one way only. */
export interface Altering {
  /** True if the error says that the server cannot do it that way, and did nothing; another way may be open. */
  isRefusal(error: unknown, way: string): boolean;
  /** Why these clauses are a copy on every server of the family; `null`: it has to be asked. */
  copies(clauses: string): string | null;
  /** An empty table like it, for a moment: what it can be asked without a row. */
  twin(table: TableRef, name: string): AlterTwin;
  /** How many bytes the table takes, with its indexes; `null`: not known. */
  size(connection: Connection, table: TableRef): Promise<number | null>;
  /** Programs that copy a table while it is used, by their names. */
  readonly tools: Readonly<Record<string, AlterTool>>;
}

/** What makes an empty table like another, takes it away, and alters it. */
export interface AlterTwin {
  readonly make: string;
  readonly drop: string;
  alter(clauses: string): string;
}

/** What a program is told. */
export interface AlterCall {
  readonly database: string;
  readonly table: TableRef;
  readonly clauses: string;
  readonly address: ServerAddress;
  /** The file that `optionFile` was written to. */
  readonly optionFile: string;
  /** Seconds that it may wait for the lock at its beginning and its end. */
  readonly lockSeconds: number;
  /** Further arguments of the user's. */
  readonly more: readonly string[];
}

/** A program that copies a table while it is used. */
export interface AlterTool {
  /** The login, for this user's eyes only: a password does not belong among arguments. */
  optionFile(address: ServerAddress): string;
  /** `null`: names that it would misread. */
  arguments(call: AlterCall): readonly string[] | null;
  /** How far it is, from a line that it says; `null`: the line says something else. */
  progress(line: string): WorkProgress | null;
  /** What it left half-done. */
  leftovers(connection: Connection, table: TableRef): Promise<readonly Leftover[]>;
}
