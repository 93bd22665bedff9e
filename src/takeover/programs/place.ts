// Where a tool's config says that the database is.
// In: settings as drivers take them, in their many spellings. Out: a URL. Must not know a tool, nor connect.

import { relative, resolve, sep } from 'node:path';
import type { DialectName } from '../../schema/schema.ts';
import { isRecord, textIn } from './load.ts';

const schemes: Readonly<Record<DialectName, string>> = {
  postgres: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
};

const member = (settings: unknown, keys: readonly string[]): string | null => {
  for (const key of keys) {
    const value = isRecord(settings) ? settings[key] : undefined;
    if (typeof value === 'number') return String(value);
    const text = textIn(settings, key);
    if (text !== null) return text;
  }
  return null;
};

const urlKeys = ['connectionString', 'uri', 'url', 'clientUrl'];
const fileKeys = ['filename', 'storage', 'database', 'dbName', 'name'];

/** The folder that paths of the config are relative to, and that of the project. */
export interface ConfigFolders {
  readonly config: string;
  readonly project: string;
}

/** A file's URL, from the folder of the project. */
function fileUrl(path: string, { config, project }: ConfigFolders): string | null {
  const plain = path.replace(/^(?:sqlite|file):(?:\/\/(?=\/))?/, '');
  if (plain === '' || plain === ':memory:' || /^[a-z+]+:/i.test(plain)) return null;
  const inside = relative(project, resolve(config, plain)).split(sep).join('/');
  return `sqlite:${inside.startsWith('..') ? resolve(config, plain) : `./${inside}`}`;
}

function serverUrl(settings: unknown, dialect: DialectName): string | null {
  const [database, host] = [member(settings, ['database', 'dbName']), member(settings, ['host', 'server'])];
  if (database === null) return null;
  const part = encodeURIComponent;
  const user = member(settings, ['user', 'username']);
  const password = member(settings, ['password']);
  const who = user === null ? '' : `${part(user)}${password === null ? '' : `:${part(password)}`}@`;
  const port = member(settings, ['port']);
  // A path is a socket.
  const isSocket = host?.startsWith('/') ?? false;
  const where = isSocket ? 'localhost' : (host ?? 'localhost');
  const query = isSocket ? `?host=${part(host ?? '')}` : '';
  return `${schemes[dialect]}://${who}${where}${port === null ? '' : `:${port}`}/${part(database)}${query}`;
}

const spoken: Readonly<Record<DialectName, RegExp>> = {
  postgres: /^postgres(?:ql)?:/,
  mysql: /^(?:mysql|mariadb):/,
  sqlite: /^(?:sqlite|file):/,
};

/** The URL of a database that a config names; `null`: it names none that is of the family. */
export function databaseUrl(
  settings: unknown,
  dialect: DialectName | null,
  folders: ConfigFolders,
): string | null {
  if (dialect === null) return null;
  const url = typeof settings === 'string' ? settings : member(settings, urlKeys);
  if (dialect === 'sqlite') {
    const file = url ?? member(settings, fileKeys);
    return file === null ? null : fileUrl(file, folders);
  }
  if (url !== null) return spoken[dialect].test(url) ? url : null;
  return serverUrl(settings, dialect);
}
