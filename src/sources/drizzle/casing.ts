// The case that Drizzle gives to names of columns, as drizzle.config says.
// In: the project's folder. Out: the case; `undefined`: names stay as they are. Must not know tables.

import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../kernel/import-package.ts';
import { loadModels, unreadable } from '../load-models.ts';
import { sourceName } from './gather.ts';

export type Casing = 'snake_case' | 'camelCase';

const names = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map((ending) => `drizzle.config.${ending}`);

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function casingIn(config: unknown): unknown {
  return typeof config === 'object' && config !== null ? Reflect.get(config, 'casing') : undefined;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw unreadable({ source: sourceName, file }, cause.message, cause);
  }
}

/** The config is run only where it speaks of the matter. */
async function casingOfFile(file: string): Promise<Casing | undefined> {
  const text = await readFile(file, 'utf8');
  if (!/\bcasing\b/.test(text)) return undefined;
  const isJson = file.endsWith('.json');
  const config = isJson ? parsed(text, file) : (await loadModels(sourceName, file))['default'];
  const casing = casingIn(config);
  if (casing === undefined || casing === 'snake_case' || casing === 'camelCase') return casing;
  throw unreadable({ source: sourceName, file }, `casing ${JSON.stringify(casing)} is not known`);
}

/** What the project's drizzle.config says of names. */
export async function casingOf(folder: string): Promise<Casing | undefined> {
  for (const name of names) {
    const file = join(folder, name);
    if (await isThere(file)) return await casingOfFile(file);
  }
  return undefined;
}
