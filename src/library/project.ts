import { resolve as resolvePath } from 'node:path';
import { namingOf } from '../config/naming.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { buildGraph } from '../revisions/graph.ts';
import { listingOf } from '../revisions/listing.ts';
import type { LoadedRevision, LoadTarget } from '../revisions/load.ts';
import type { RevisionHeader } from '../revisions/revision.ts';
import { distinctFolders, scanHeaders, scanSquashed } from '../revisions/scan.ts';
import type { Naming } from '../schema/naming.ts';
import { defaultNaming } from '../schema/naming.ts';
import type { SurefootOptions } from './api.ts';

/** The files of a project, each read once. */
export interface Project {
  readonly options: SurefootOptions;
  readonly folder: string;
  /** A value that changes whenever a file of a revision does; `null`: nobody can say. Reads no file. */
  listing(): string | null;
  /** The heads of the files. */
  headers(): Promise<readonly RevisionHeader[]>;
  /** The heads of the revisions that a squash replaced, in the folder beside. */
  originals(): Promise<readonly RevisionHeader[]>;
  graph(): Promise<RevisionGraph>;
  /** The revisions of these ids, in this order, loaded for a server. */
  load(
    ids: readonly string[],
    dialect: Dialect,
    wishes?: Pick<LoadTarget, 'wantsLines'>,
  ): Promise<readonly LoadedRevision[]>;
  /** Forgets what was read: the files are others now. */
  renew(): void;
  naming(dialect: Dialect): Naming;
  textChecksum(header: RevisionHeader): Promise<string>;
  /** Revisions that were loaded from the journal, since their files are gone or were edited after they ran. */
  remembered(): ReadonlyMap<string, LoadedRevision>;
}

/** The folders of the revisions: absolute paths. */
export function migrationFolders(options: SurefootOptions, folder: string): readonly string[] {
  const given = options.migrations ?? './migrations';
  return (typeof given === 'string' ? [given] : given).map((path) => resolvePath(folder, path));
}

/** `scan`: which revisions there are; default: those in the folders of the config. */
export function createProject(
  options: SurefootOptions,
  scan?: () => Promise<readonly RevisionHeader[]>,
): Project {
  const folder = resolvePath(options.projectFolder ?? '.');
  const folders = migrationFolders(options, folder);
  let originals: Promise<readonly RevisionHeader[]> | undefined;
  let headers: Promise<readonly RevisionHeader[]> | undefined;
  let graph: Promise<RevisionGraph> | undefined;
  const loaded = new Map<string, Promise<LoadedRevision>>();
  const project: Project = {
    options,
    folder,
    listing: () => (scan ? null : listingOf(distinctFolders(folders))),
    headers: () => {
      headers ??= scan ? scan() : scanHeaders(folders);
      return headers;
    },
    originals: () => {
      originals ??= scanSquashed(folders);
      return originals;
    },
    graph: () => {
      graph ??= project.headers().then(buildGraph);
      return graph;
    },
    load: async (ids, dialect, wishes = {}) => {
      const { loadRevision } = await import('../revisions/load.ts');
      const headers = new Map((await project.headers()).map((header) => [header.id, header]));
      const target = {
        dialect: dialect.name,
        flavor: dialect.traits.flavor,
        syntax: dialect.syntax,
        dualWrite: dialect.dualWrite,
        ...wishes,
      };
      return await Promise.all(
        ids.flatMap((id) => {
          const header = headers.get(id);
          if (!header) return [];
          const promise = loaded.get(id) ?? loadRevision(header, target);
          loaded.set(id, promise);
          return [promise];
        }),
      );
    },
    renew: () => {
      headers = undefined;
      graph = undefined;
      originals = undefined;
      loaded.clear();
    },
    naming: (dialect) => namingOf(options.naming ?? null, defaultNaming(dialect.traits.maxIdentifier)),
    textChecksum: async ({ file }) => (await import('../revisions/checksum.ts')).textChecksum(file),
    remembered: () => new Map(),
  };
  return project;
}
