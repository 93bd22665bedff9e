// Prisma's models → Schema, by Prisma's own engine and the database.
// In: schema.prisma, or a folder of such files. Out: the way to make what they declare. Must not know histories.
// For PostgreSQL and SQLite the engine writes the SQL. For MySQL it judges the schema, and prisma-mysql.ts writes.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { splitStatements } from '../kernel/sql-text.ts';
import type { UnsupportedObject } from '../schema/schema.ts';
import { unreadable } from './load-models.ts';
import type { PrismaEngine, PrismaFile } from './prisma-engine.ts';
import { isPrismaRefusal, prismaEngine, writesFor } from './prisma-engine.ts';
import type { PrismaBlock } from './prisma-language.ts';
import { argumentOf, databaseName, readPrismaSchema, wordOf } from './prisma-language.ts';
import { prismaMysqlScript } from './prisma-mysql.ts';
import type { Source, SourceRequest, Workshop } from './source.ts';

const name = 'Prisma';

const isPrisma = (file: string): boolean => file.toLowerCase().endsWith('.prisma');

async function filesIn(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((file) => isPrisma(file) && !/(?:^|[\\/])node_modules[\\/]/.test(file))
    .sort()
    .map((file) => join(path, file));
}

async function readFiles(paths: readonly string[]): Promise<readonly PrismaFile[]> {
  const files = (await Promise.all(paths.map(filesIn))).flat();
  return Promise.all(files.map(async (path) => ({ path, content: await readFile(path, 'utf8') })));
}

/** What a family of databases is called in a datasource; the first word is the one to write. */
const providersOf: Readonly<Record<Dialect['name'], readonly [string, ...string[]]>> = {
  postgres: ['postgresql', 'postgres'],
  mysql: ['mysql'],
  sqlite: ['sqlite'],
};

interface PrismaSchema {
  /** The first of the files, for messages. */
  readonly place: { readonly source: string; readonly file: string };
  readonly files: readonly PrismaFile[];
  readonly blocks: readonly PrismaBlock[];
}

async function readSchema({ files: paths }: SourceRequest): Promise<PrismaSchema> {
  const files = await readFiles(paths);
  const blocks = files.flatMap(({ content }) => readPrismaSchema(content));
  const main = files.find(({ content }) => /^\s*datasource\s/m.test(content)) ?? files[0];
  return { place: { source: name, file: main?.path ?? paths[0] ?? '' }, files, blocks };
}

function refuseOthers({ blocks, place }: PrismaSchema, dialect: Dialect): void {
  const datasource = blocks.find(({ kind }) => kind === 'datasource');
  if (!datasource) throw unreadable(place, 'it has no datasource, which says for what database it is');
  const provider = wordOf(datasource.settings.get('provider'));
  const providers = providersOf[dialect.name];
  if (provider !== null && providers.includes(provider)) return;
  throw unreadable(
    place,
    `its datasource is for ${provider ?? 'no provider that is a plain text'}; for this database it is "${providers[0]}"`,
  );
}

const urlLine = /^([^\S\n]*(?:url|directUrl|shadowDatabaseUrl)\s*=)[^\n]*$/gm;

/** Since Prisma 7 the schema has no URL, before it needs one; nothing is ever connected to. Lines keep their numbers. */
function withoutUrls(files: readonly PrismaFile[], { major }: PrismaEngine): readonly PrismaFile[] {
  if (major < 7) return files;
  const strip = (block: string) => block.replace(urlLine, '');
  return files.map(({ path, content }) => ({
    path,
    content: content.replace(/^[^\S\n]*datasource\s+\w+\s*\{[^}]*\}/gm, strip),
  }));
}

/** The engine's findings in one line each: where, what. */
function problemOf(cause: unknown): string {
  const text = stripVTControlCharacters(messageOf(cause));
  const found = [...text.matchAll(/^error: ([\s\S]*?)\n\s*-->\s+(.*):(\d+)$/gm)];
  const lines = found.map(([, what = '', , line]) => `line ${line}: ${what.trim()}`);
  return lines.length > 0 ? lines.join('; ') : (text.split('\n')[0] ?? '').replace(/^error: /, '');
}

/** The file that the engine complains about first. */
function fileOf(cause: unknown, files: readonly PrismaFile[]): string | null {
  const text = messageOf(cause);
  return files.find(({ path }) => text.includes(`${path}:`))?.path ?? null;
}

async function writeScript(
  { files, blocks, place }: PrismaSchema,
  { dialect }: SourceRequest,
): Promise<readonly string[]> {
  const engine = await prismaEngine(place.file);
  const given = withoutUrls(files, engine);
  const provider = writesFor(dialect.name);
  try {
    if (provider === undefined) {
      await engine.validate(given);
      return prismaMysqlScript(blocks, dialect);
    }
    const script = await engine.script(provider, given);
    return splitStatements(script, dialect.syntax).map(({ sql }) => sql);
  } catch (cause) {
    if (!isPrismaRefusal(cause)) throw cause;
    throw unreadable({ ...place, file: fileOf(cause, files) ?? place.file }, problemOf(cause), cause);
  }
}

function viewsOf({ blocks }: PrismaSchema): readonly UnsupportedObject[] {
  return blocks
    .filter(({ kind }) => kind === 'view')
    .map((view) => {
      const schema = view.attributes.find((attribute) => attribute.name === 'schema');
      const namespace = schema ? wordOf(argumentOf(schema, 'map', 0)) : null;
      const reason = 'a view in a Prisma schema has no query; Prisma does not create it either';
      return { kind: 'view', namespace, name: databaseName(view), reason };
    });
}

/** The engine quotes neither a `"` in a name nor all that a default may hold: the statement tells where to look. */
async function run(statements: readonly string[], schema: PrismaSchema, workshop: Workshop): Promise<void> {
  for (const sql of statements) {
    try {
      await workshop.run(sql);
    } catch (cause) {
      if (!isSurefootError(cause)) throw cause;
      const [line = ''] = sql.split('\n').filter((one) => !one.startsWith('--'));
      throw unreadable(schema.place, `${messageOf(cause)}, in the SQL made of it: ${line}`, cause);
    }
  }
}

/** Prisma's schema language. */
export const prismaSource: Source = {
  name,
  recognises: async ({ path, isFolder }) => (isFolder ? (await filesIn(path)).length > 0 : isPrisma(path)),
  read: async (request) => {
    const schema = await readSchema(request);
    refuseOthers(schema, request.dialect);
    const statements = await writeScript(schema, request);
    return {
      kind: 'made',
      make: async (workshop) => {
        await run(statements, schema, workshop);
        return viewsOf(schema);
      },
    };
  },
};
