// In: nothing.
// Out: the contract that each engine's file fills in.
// Must not know: any particular engine.

import type { ServerEngine } from './engines.ts';
import type { BundleName } from './lockfile.ts';

/** One instance: its programs, its data, its port. */
export interface Instance {
  /** The unpacked bundle. */
  readonly programs: string;
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
  /** What is written survives a crash of the machine; otherwise speed comes first. */
  readonly durable: boolean;
  /** The server behind this one, for engines that stand in front of another. */
  readonly backendUrl: string | undefined;
  /** Further arguments of the server. */
  readonly settings: readonly string[];
}

export interface Recipe {
  readonly engine: ServerEngine;
  readonly bundle: BundleName;
  /** Fills an empty data directory. Runs once; every start works on a copy of the result. */
  initialise(instance: Instance): Promise<void>;
  /** Writes what depends on port and backend, right before a start. */
  configure?(instance: Instance): Promise<void>;
  /** The server in the foreground. `dataDir` must be among the arguments: by it a process is known to be ours. */
  argv(instance: Instance): readonly string[];
  url(instance: Instance): string;
  adminUrl(instance: Instance): string;
  /** An engine that stands in front of another one. */
  readonly backend?: ServerEngine;
  /** It makes and removes files with every table, so that its data are better kept in memory. */
  readonly gainsByMemory?: true;
}

export const userName = 'surefoot';
export const databaseName = 'surefoot';
