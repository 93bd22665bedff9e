// What a Prisma schema says of its database. In: its text, the environment. Out: provider, URL. Must not know models.

import { dirname, join, relative, resolve } from 'node:path';
import { namesIn } from '../find-folder.ts';
import { readForeignText } from '../read-text.ts';

/** The datasource of a schema. */
export interface Datasource {
  /** `postgresql`, `mysql`, `sqlite`, …; `null`: it does not say. */
  readonly provider: string | null;
  /** The URL, and the variable that holds it. */
  readonly url: string | null;
  readonly variable: string | null;
}

const block = /^\s*datasource\s+\w+\s*\{([^}]*)\}/m;

function member(body: string, name: string): string | null {
  return new RegExp(`^\\s*${name}\\s*=\\s*(.+?)\\s*$`, 'm').exec(body)?.[1] ?? null;
}

function literal(text: string | null): string | null {
  return /^"((?:[^"\\]|\\.)*)"/.exec(text ?? '')?.[1]?.replaceAll(/\\(.)/g, '$1') ?? null;
}

/** The datasource of a schema's text. */
export function readDatasource(text: string): Datasource {
  const body =
    block.exec(text)?.[1]?.replaceAll(/\/\/.*$/gm, (found) => (found.includes('"') ? found : '')) ?? '';
  const url = member(body, 'url');
  return {
    provider: literal(member(body, 'provider')),
    url: literal(url),
    variable: /^env\(\s*"([^"]+)"\s*\)/.exec(url ?? '')?.[1] ?? null,
  };
}

const nothing: Datasource = { provider: null, url: null, variable: null };

/** The schema files near a folder of migrations: beside it, or in the folder above. */
async function schemaFiles(folder: string): Promise<readonly string[]> {
  const above = dirname(folder);
  const places = [above, join(above, 'schema'), dirname(above)];
  const files: string[] = [];
  for (const place of places)
    for (const name of (await namesIn(place)) ?? [])
      if (name.endsWith('.prisma')) files.push(join(place, name));
  return files;
}

/** The datasource of the schema that belongs to a folder of migrations. */
export async function findDatasource(
  folder: string,
): Promise<{ readonly datasource: Datasource; readonly file: string | null }> {
  for (const file of await schemaFiles(folder)) {
    const datasource = readDatasource((await readForeignText(file)).text);
    if (datasource.provider !== null) return { datasource, file };
  }
  return { datasource: nothing, file: null };
}

/** A database of SQLite, whose path is relative to the schema, as a URL of the project's. `null`: it is none. */
export function sqliteUrl(url: string, schemaFile: string, projectFolder: string): string | null {
  const path = /^file:([^?]*)/.exec(url)?.[1];
  if (path === undefined) return null;
  const shown = relative(projectFolder, resolve(dirname(schemaFile), path)).replaceAll('\\', '/');
  return `sqlite:${shown.startsWith('.') ? shown : `./${shown}`}`;
}
