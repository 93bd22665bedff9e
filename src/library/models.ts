import { resolve as resolvePath } from 'node:path';
import { scratchWays } from '../config/choose-scratch.ts';
import { chooseSource } from '../config/choose-source.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import type { Schema } from '../schema/schema.ts';
import type { Scratch, ScratchWay } from '../scratch/scratch.ts';
import { openScratch, tryWay } from '../scratch/scratch.ts';
import type { Declaration, Workshop } from '../sources/source.ts';
import { scratchChoice } from './learn.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';

/** The paths that the config names. */
function modelFiles({ options, folder }: Project): readonly string[] {
  const { models } = options;
  const files = typeof models === 'string' ? [models] : (models ?? []);
  return files.map((file) => resolvePath(folder, file));
}

/** One that spells as the target does; else any: what it spells otherwise is settled where it is compared. */
export async function openAny(ways: readonly ScratchWay[]): Promise<Scratch> {
  try {
    return await openScratch(ways);
  } catch (refusal) {
    if (!isSurefootError(refusal, 'scratch/unavailable')) throw refusal;
    for (const way of ways) {
      const scratch = await tryWay(way);
      if (typeof scratch !== 'string') return scratch;
    }
    throw refusal;
  }
}

function workshopOn({ connection, dialect, judge }: Scratch): Workshop {
  return {
    connection,
    dialect,
    run: async (sql) => {
      const verdict = judge(sql);
      if (verdict.kind === 'refuse')
        throw new SurefootError('scratch/unavailable', verdict.reason, {
          details: { reasons: [verdict.reason] },
          hint: 'Models declare objects of their own database, and nothing beyond it.',
        });
      if (verdict.kind === 'run') await connection.query(verdict.sql);
    },
  };
}

interface Means {
  readonly opened: Opened;
  readonly project: Project;
}

async function made(
  declaration: Declaration & { readonly kind: 'made' },
  { opened, project }: Means,
): Promise<Schema> {
  const { ways } = await scratchWays(scratchChoice(opened, project));
  const scratch = await openAny(ways);
  try {
    const unsupported = await declaration.make(workshopOn(scratch));
    const schema = await scratch.read();
    return { ...schema, unsupported: [...schema.unsupported, ...unsupported] };
  } finally {
    await scratch.close();
  }
}

/** What the files of the project's models say, before a database is asked for more; `null`: the config names none. */
export async function readDeclaration({ dialect }: Opened, project: Project): Promise<Declaration | null> {
  const files = modelFiles(project);
  if (files.length === 0) return null;
  const source = await chooseSource(files);
  return await source.read({ files, projectFolder: project.folder, dialect });
}

async function schemaOf(declaration: Declaration, means: Means): Promise<Schema> {
  return declaration.kind === 'schema' ? declaration.schema : await made(declaration, means);
}

/** The schema that the project's models declare, in their own words; `null`: the config names none. */
export async function readDeclared(opened: Opened, project: Project): Promise<Schema | null> {
  const declaration = await readDeclaration(opened, project);
  return declaration && (await schemaOf(declaration, { opened, project }));
}

/** The schema of a declaration, as the dialect knows it. */
export async function declaredModels(declaration: Declaration, means: Means): Promise<Schema> {
  return means.opened.dialect.normalize(await schemaOf(declaration, means));
}

/** The schema that the project's models declare, as the dialect knows it; `null`: the config names none. */
export async function readModels(opened: Opened, project: Project): Promise<Schema | null> {
  const declaration = await readDeclaration(opened, project);
  return declaration && (await declaredModels(declaration, { opened, project }));
}
