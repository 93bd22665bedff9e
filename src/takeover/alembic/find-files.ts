// Where the version files of a project are. In: a path. Out: files and their texts.
// Must not know what stands in them.

import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { SurefootError } from '../../kernel/errors.ts';
import { decodePython } from './decode.ts';
import type { NamingConvention } from './naming-convention.ts';
import { findNamingConvention } from './naming-convention.ts';
import type { AlembicHome } from './offline.ts';
import type { Settings } from './settings.ts';
import { settingsOfIni, settingsOfToml } from './settings.ts';

/** A version file as it was found. */
export interface VersionFile {
  readonly file: string;
  readonly text: string;
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  const found = await stat(path).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT' || problem.code === 'ENOTDIR') return null;
    throw problem;
  });
  return found === null ? null : found.isDirectory() ? 'folder' : 'file';
}

interface Layout {
  readonly folders: readonly string[];
  readonly isRecursive: boolean;
  /** The folder of env.py. */
  readonly script: string;
  /** The folder that Alembic is called in. */
  readonly home: string;
}

/** What separates the members of a list in alembic.ini. */
function separatorOf(settings: Settings): RegExp {
  const said = settings.get('path_separator') ?? settings.get('version_path_separator') ?? '';
  return /^(os|:)$/.test(String(said)) ? /[:\n]/ : said === 'newline' ? /\n/ : /[\s,:;]+/;
}

function layoutFrom(settings: Settings, here: string): Layout {
  const placed = (path: string) => resolve(here, path.trim().replaceAll(/%\(here\)s/g, here));
  const script = settings.get('script_location');
  const isRecursive = settings.get('recursive_version_locations') === 'true';
  const given = settings.get('version_locations') ?? '';
  // Flask-Migrate's ini says nothing: the folder it stands in is meant.
  const location = typeof script === 'string' && script !== '' ? placed(script) : here;
  // `%(here)s` may hold what separates.
  const listed =
    typeof given === 'string' ? given.replaceAll('%(here)s', '\u0000').split(separatorOf(settings)) : given;
  const folders = listed
    .filter((one) => one.trim() !== '')
    .map((one) => placed(one.replaceAll('\u0000', here)));
  return {
    folders: folders.length > 0 ? folders : [join(location, 'versions')],
    isRecursive,
    script: location,
    home: here,
  };
}

const settingFiles = ['alembic.ini', 'pyproject.toml', 'migrations/alembic.ini'] as const;

async function layoutOf(folder: string): Promise<Layout> {
  for (const name of settingFiles) {
    const file = join(folder, name);
    if ((await kindOf(file)) !== 'file') continue;
    const text = await readFile(file, 'utf8');
    if (name.endsWith('.toml') && !text.includes('[tool.alembic]')) continue;
    const layout = layoutFrom(
      name.endsWith('.toml') ? settingsOfToml(text) : settingsOfIni(text),
      dirname(file),
    );
    if ((await Promise.all(layout.folders.map(kindOf))).includes('folder')) return layout;
  }
  for (const place of ['.', 'migrations', 'alembic']) {
    const script = join(folder, place);
    const versions = join(script, 'versions');
    if ((await kindOf(versions)) === 'folder')
      return { folders: [versions], isRecursive: false, script, home: folder };
  }
  return { folders: [folder], isRecursive: false, script: dirname(folder), home: dirname(dirname(folder)) };
}

async function filesIn(folder: string, isRecursive: boolean): Promise<readonly string[]> {
  if ((await kindOf(folder)) !== 'folder') return [];
  const entries = await readdir(folder, { recursive: isRecursive });
  return entries
    .filter((name) => name.endsWith('.py') && !/(^|[\\/])(__init__\.py|__pycache__|\.)/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** A history of Alembic, as its files are found. */
export interface AlembicProject {
  readonly files: readonly VersionFile[];
  readonly namingConvention: NamingConvention;
  readonly home: AlembicHome;
}

const isWithin = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
};

/** The folder of the application: the one that was named, or that which holds the migrations. */
function rootOf(path: string, { script }: Layout): string {
  return isWithin(script, path) && resolve(path) !== resolve(script) ? path : dirname(script);
}

/** The history behind a path: a project, a `migrations` folder, a folder of versions, or one file. */
export async function findProject(path: string): Promise<AlembicProject> {
  const kind = await kindOf(path);
  if (kind === null) {
    throw new SurefootError('import/not-found', `there is no ${path}`, {
      details: { path },
      hint: 'Name the folder of alembic.ini, the migrations folder, or the folder of the version files.',
    });
  }
  const folder = kind === 'folder' ? path : dirname(path);
  const layout = await layoutOf(folder);
  const lists =
    kind === 'folder'
      ? await Promise.all(layout.folders.map((one) => filesIn(one, layout.isRecursive)))
      : [[path]];
  const env = join(layout.script, 'env.py');
  const hasEnv = (await kindOf(env)) === 'file';
  const isFlask = hasEnv && /\bcurrent_app\b/.test(await readFile(env, 'utf8'));
  // Flask-Migrate's ini stands with env.py; the command is the application's.
  const home = isFlask && layout.home === layout.script ? dirname(layout.script) : layout.home;
  const names = [...new Set(lists.flat())];
  return {
    files: await Promise.all(names.map(async (file) => ({ file, text: decodePython(await readFile(file)) }))),
    home: { folder: home, isFlask, script: layout.script },
    namingConvention: await findNamingConvention(hasEnv ? env : null, rootOf(path, layout)),
  };
}
