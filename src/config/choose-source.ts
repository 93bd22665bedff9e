// Files of models → the source that reads them. The only place where a source is chosen.
// In: absolute paths. Out: Source. Must not know what models say.

import { stat } from 'node:fs/promises';
import { SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { loadModels } from '../sources/load-models.ts';
import type { ModelFile, Source } from '../sources/source.ts';

/** Those that the name of a file tells come first, so that no file is run for nothing. */
const sources: readonly (() => Promise<Source>)[] = [
  async () => (await import('../sources/sql.ts')).sqlSource,
  async () => (await import('../sources/prisma.ts')).prismaSource,
  async () => (await import('../sources/define-schema.ts')).defineSchemaSource,
  async () => (await import('../sources/drizzle.ts')).drizzleSource,
  async () => (await import('../sources/typeorm.ts')).typeormSource,
  async () => (await import('../sources/mikro-orm.ts')).mikroOrmSource,
  async () => (await import('../sources/sequelize.ts')).sequelizeSource,
];

async function modelFile(path: string): Promise<ModelFile> {
  let exports: ReturnType<ModelFile['exports']> | undefined;
  const isFolder = await isFolderOf(path);
  return {
    path,
    isFolder,
    exports: () => {
      exports ??= isFolder ? Promise.resolve({}) : loadModels('a known library', path);
      return exports;
    },
  };
}

async function isFolderOf(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new SurefootError('file/failed', `the models ${path} cannot be read`, {
      details: { file: path, code: errorCode(cause) ?? 'unknown' },
      hint: 'Correct `models` in surefoot.config.ts.',
      cause,
    });
  }
}

async function sourceOf(path: string): Promise<Source> {
  const file = await modelFile(path);
  for (const load of sources) {
    const source = await load();
    if (await source.recognises(file)) return source;
  }
  throw new SurefootError('source/not-recognised', `the models in ${path} are of no kind that is known`, {
    details: { file: path },
    hint: 'A file of models is SQL, or exports what a supported library makes of models. See the pages on models.',
  });
}

/** The source that reads these files: all are of one kind. */
export async function chooseSource(files: readonly string[]): Promise<Source> {
  const found: Source[] = [];
  // One after another: files import each other, and each is to run once.
  for (const file of files) found.push(await sourceOf(file));
  const [first] = found;
  const names = [...new Set(found.map(({ name }) => name))];
  if (first && names.length === 1) return first;
  throw new SurefootError('source/several', `the models are of several kinds: ${names.join(', ')}`, {
    details: { sources: names },
    hint: 'Name files of one kind in `models`.',
  });
}
