// Where the version files of a project are. In: a path. Out: files and their texts.
// Must not know what stands in them.

import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SurefootError } from '../../kernel/errors.ts';

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

/** A member of a section of alembic.ini; `%(here)s` is its folder. */
function settingsOf(text: string, here: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\s*\[([^\]]+)\]/.exec(line) ?? [];
    if (name !== undefined) section = name;
    const [, key, value] = /^([A-Za-z_.]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === 'alembic' && key !== undefined && value !== undefined)
      settings.set(key, value.replaceAll('%(here)s', here));
  }
  return settings;
}

interface Layout {
  readonly folders: readonly string[];
  readonly isRecursive: boolean;
}

async function fromIni(ini: string): Promise<Layout | null> {
  const here = dirname(ini);
  const settings = settingsOf(await readFile(ini, 'utf8'), here);
  const script = settings.get('script_location');
  const isRecursive = settings.get('recursive_version_locations') === 'true';
  const given = settings.get('version_locations');
  // Flask-Migrate's ini says nothing: the folder it stands in is meant.
  const location = script === undefined ? here : resolve(here, script);
  if (given === undefined || given === '') return { folders: [join(location, 'versions')], isRecursive };
  const mark = /^(os|:)$/.test(settings.get('version_path_separator') ?? settings.get('path_separator') ?? '')
    ? /[:\n]/
    : /[\s,:;]+/;
  const folders = given.split(mark).filter((one) => one.trim() !== '');
  return { folders: folders.map((one) => resolve(here, one.trim())), isRecursive };
}

async function layoutOf(folder: string): Promise<Layout> {
  for (const ini of ['alembic.ini', 'migrations/alembic.ini']) {
    const file = join(folder, ini);
    const layout = (await kindOf(file)) === 'file' ? await fromIni(file) : null;
    const isThere = layout ? await Promise.all(layout.folders.map(kindOf)) : [];
    if (layout && isThere.includes('folder')) return layout;
  }
  for (const place of ['versions', 'migrations/versions', 'alembic/versions']) {
    if ((await kindOf(join(folder, place))) === 'folder')
      return { folders: [join(folder, place)], isRecursive: false };
  }
  return { folders: [folder], isRecursive: false };
}

async function filesIn(folder: string, isRecursive: boolean): Promise<readonly string[]> {
  if ((await kindOf(folder)) !== 'folder') return [];
  const entries = await readdir(folder, { recursive: isRecursive });
  return entries
    .filter((name) => name.endsWith('.py') && !/(^|[\\/])(__init__\.py|__pycache__|\.)/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The text of a file of Python: a mark at its start or a line `coding: latin-1` says how it is written. */
export function decodePython(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 400)).toString('latin1').split('\n').slice(0, 2).join('\n');
  const [, coding = 'utf-8'] = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/m.exec(head) ?? [];
  const name = coding.toLowerCase().replaceAll('_', '-');
  const isLatin = /^(latin-?1|iso-?8859-?1|cp1252|windows-1252)$/.test(name);
  const text = isLatin
    ? new TextDecoder('windows-1252').decode(bytes)
    : new TextDecoder('utf-8').decode(bytes);
  return text
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n');
}

/** The version files behind a path: a project, a `migrations` folder, a folder of versions, or one file. */
export async function findVersionFiles(path: string): Promise<readonly VersionFile[]> {
  const kind = await kindOf(path);
  if (kind === null) {
    throw new SurefootError('import/not-found', `there is no ${path}`, {
      details: { path },
      hint: 'Name the folder of alembic.ini, the migrations folder, or the folder of the version files.',
    });
  }
  const layout = kind === 'folder' ? await layoutOf(path) : null;
  const lists = layout
    ? await Promise.all(layout.folders.map((one) => filesIn(one, layout.isRecursive)))
    : [[path]];
  const files = [...new Set(lists.flat())];
  return await Promise.all(files.map(async (file) => ({ file, text: decodePython(await readFile(file)) })));
}
