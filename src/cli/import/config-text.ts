// The config that an import writes where there is none. In: what was found. Out: text, or a file.
// Must not know a tool.

import { readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { familyOfUrl, usualUrls } from '../../config/family-of-url.ts';
import { configFileNames } from '../../config/load-config.ts';
import { stringLiteral } from '../../revisions/render.ts';
import type { DialectName } from '../../schema/schema.ts';
import { readIfThere } from '../files.ts';
import { detect, isFile } from '../init/detect.ts';
import { importOfEnv, linesOfEnv } from '../init/load-env.ts';
import type { Shell } from '../shell.ts';

/** True where the project has a config. */
export async function hasConfig(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => configFileNames.includes(name));
}

/** What the config says, besides where the revisions are. */
export interface ConfigWish {
  /** The folder of the revisions. */
  readonly migrations: string;
  /** Tables that are another tool's. */
  readonly ignore: readonly string[];
  /** Said above `ignore`. */
  readonly title: string;
  readonly dialect: DialectName | null;
  /** Where the database is, as the user said it. */
  readonly url: string | null;
  /** Where the tool's own files say that it is, and the variable that holds it. */
  readonly place: { readonly url: string; readonly variable: string | null } | null;
}

function fallbackUrl({ url, dialect }: ConfigWish, detected: string, folder: string): string {
  if (url !== null && isFile(url)) return url;
  return dialect === null || familyOfUrl(detected, folder) === dialect ? detected : usualUrls[dialect];
}

/** What stands behind `url:`. A path of the tool's own is not what DATABASE_URL would be read as. */
function urlExpression(wish: ConfigWish, fallback: string): string {
  const { place } = wish;
  if (place !== null && place.variable === null && isFile(place.url)) return stringLiteral(place.url);
  const variable = place?.variable ?? 'DATABASE_URL';
  const name = /^[A-Za-z_$][\w$]*$/.test(variable) ? `.${variable}` : `[${stringLiteral(variable)}]`;
  return `process.env${name} ?? ${stringLiteral(fallback)}`;
}

function configText(
  wish: ConfigWish,
  given: { readonly url: string; readonly loadsEnv: boolean; readonly migrations: string },
): string {
  const { ignore, title } = wish;
  const url = urlExpression(wish, given.url);
  const loads = given.loadsEnv && url.startsWith('process.');
  return [
    ...(loads ? [importOfEnv] : []),
    "import { defineConfig } from 'surefoot';",
    ...(loads ? linesOfEnv : []),
    '',
    'export default defineConfig({',
    `  url: ${url},`,
    `  migrations: ${stringLiteral(given.migrations)},`,
    ...(ignore.length === 0
      ? []
      : [
          `  // Where ${title} keeps what it applied: not ours.`,
          `  ignore: [${ignore.map(stringLiteral).join(', ')}],`,
        ]),
    '});',
    '',
  ].join('\n');
}

/** Writes a config where there is none. Gives its file, if it was written. */
export async function writeImportConfig(
  folder: string,
  wish: ConfigWish,
  env: Shell['env'],
): Promise<readonly string[]> {
  if (await hasConfig(folder)) return [];
  const file = join(folder, 'surefoot.config.ts');
  const detected = await detect(folder, env);
  const migrations = `./${relative(folder, resolve(folder, wish.migrations)).replaceAll(sep, '/')}`;
  const url = fallbackUrl(wish, detected.url, folder);
  const loadsEnv =
    wish.place?.variable === null || wish.place === null
      ? detected.databaseUrl === '.env'
      : (await readIfThere(join(folder, '.env'))) !== null;
  await writeFile(file, configText(wish, { url, loadsEnv, migrations }), { flag: 'wx' });
  return [file];
}
