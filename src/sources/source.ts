// The contract of a source: the files of one library's models, or SQL → what they declare.
// In: files, the server that they are meant for. Out: a Schema, or the way to make it on a throw-away database.
// Must not know history, nor where a throw-away database comes from.

import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { ModuleExports } from '../kernel/load-module.ts';
import type { Schema, UnsupportedObject } from '../schema/schema.ts';

/** What a source is asked to read. */
export interface SourceRequest {
  /** Absolute paths of files and folders, as the config names them. */
  readonly files: readonly string[];
  readonly projectFolder: string;
  /** The server that the models are meant for. */
  readonly dialect: Dialect;
}

/** An empty database in which a source makes what its models declare. */
export interface Workshop {
  readonly connection: Connection;
  /** That of the workshop's own server. */
  readonly dialect: Dialect;
  /** Runs one statement, unless it has no place on a throw-away database (rights, upkeep); refuses what might reach beyond it. */
  run(sql: string): Promise<void>;
}

/** What models declare. */
export type Declaration =
  /** The schema itself; what the source cannot express stands in its `unsupported`. */
  | { readonly kind: 'schema'; readonly schema: Schema }
  /** The database is the parser: once made, it is read back. Gives what the models say and the database does not show. */
  | { readonly kind: 'made'; make(workshop: Workshop): Promise<readonly UnsupportedObject[]> };

/** A file of models as it is recognised: by its name, else by what it exports. */
export interface ModelFile {
  readonly path: string;
  readonly isFolder: boolean;
  /** Runs the file, once. */
  exports(): Promise<ModuleExports>;
}

/** One library's models. */
export interface Source {
  /** As people call it: "Drizzle". */
  readonly name: string;
  /** Must load no foreign library: the file's own exports tell. */
  recognises(file: ModelFile): boolean | Promise<boolean>;
  read(request: SourceRequest): Promise<Declaration>;
}
