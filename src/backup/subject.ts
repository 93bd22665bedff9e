import type { Connection } from '../dialect/connection.ts';
import type { BookkeepingNames, Dialect, ServerFacts } from '../dialect/dialect.ts';
import type { BackupProgress } from './progress.ts';
import type { Contents, Sidecar } from './sidecar.ts';
import type { Tools } from './workbench.ts';

/** By which means a database is saved and restored. */
export type Means =
  | { readonly kind: 'copy'; readonly title: string }
  | { readonly kind: 'tools'; readonly tools: Tools };

/** The database at hand. */
export interface Subject {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
  readonly names: BookkeepingNames;
  readonly means: Means;
  /** What a session sees; it counts rows only where it is asked to. */
  look(connection: Connection, wish: { readonly countsRows: boolean }): Promise<Contents>;
  readonly onProgress: (progress: BackupProgress) => void;
}

/** What a family's way of saving gives back. */
export interface Saved {
  readonly contents: Contents;
  readonly checksum: string;
  readonly bytes: number;
  readonly tool: string;
  readonly inventory: Sidecar['inventory'];
  readonly mark: string | null;
}
