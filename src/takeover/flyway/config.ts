// What Flyway's config says of its files. In: `flyway.toml`, `flyway.conf`, the environment. Out: places, table,
// placeholders. Must not know SQL.

import { join } from 'node:path';
import { namesIn } from '../find-folder.ts';
import { readForeignText } from '../read-text.ts';
import type { ReadMeans } from '../tool.ts';

/** The settings that a takeover needs. */
export interface FlywayConfig {
  readonly locations: readonly string[];
  readonly table: string;
  /** By lower-case name: Flyway minds no case there. */
  readonly placeholders: ReadonlyMap<string, string>;
  readonly replaces: boolean;
  readonly prefix: string;
  readonly suffix: string;
}

/** All settings, by lower-case name without `flyway.`. */
type Settings = ReadonlyMap<string, string>;

const unquoted = (text: string) => /^(["'])(.*)\1$/s.exec(text.trim())?.[2] ?? text.trim();

function listText(value: string): string {
  const inner = /^\[(.*)\]$/s.exec(value.trim())?.[1];
  return inner === undefined ? unquoted(value) : inner.split(',').map(unquoted).join(',');
}

function readSettings(text: string): Settings {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    const heading = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (heading !== undefined) section = `${heading.trim()}.`;
    const [, key, value = ''] = /^\s*([\w.":-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || /^\s*#/.test(line)) continue;
    const name = `${section}${key}`
      .replaceAll('"', '')
      .toLowerCase()
      .replace(/^flyway\./, '');
    settings.set(name, listText(value));
  }
  return settings;
}

const files = ['flyway.toml', 'flyway.conf', 'conf/flyway.toml', 'conf/flyway.conf'];

async function settingsIn(folder: string): Promise<Settings> {
  const all = new Map<string, string>();
  for (const file of files) {
    const [name = '', parent] = file.split('/').toReversed();
    const place = parent === undefined ? folder : join(folder, parent);
    if (!(await namesIn(place))?.includes(name)) continue;
    for (const [key, value] of readSettings((await readForeignText(join(place, name))).text))
      if (!all.has(key)) all.set(key, value);
  }
  return all;
}

/** `FLYWAY_PLACEHOLDERS_OWNER` and the like go before the files. */
function fromEnv(env: ReadMeans['env']): Settings {
  const camel: Readonly<Record<string, string>> = {
    placeholder_replacement: 'placeholderreplacement',
    placeholder_prefix: 'placeholderprefix',
    placeholder_suffix: 'placeholdersuffix',
  };
  return new Map(
    Object.entries(env).flatMap(([name, value]) => {
      const rest = /^FLYWAY_(.+)$/.exec(name)?.[1]?.toLowerCase();
      if (rest === undefined || value === undefined) return [];
      const key = camel[rest] ?? rest.replace(/^placeholders_/, 'placeholders.');
      return [[key, value] as const];
    }),
  );
}

/** The settings of a project. */
export async function readConfig({
  projectFolder,
  env,
}: Pick<ReadMeans, 'projectFolder' | 'env'>): Promise<FlywayConfig> {
  const settings = new Map([...(await settingsIn(projectFolder)), ...fromEnv(env)]);
  const locations = (settings.get('locations') ?? '').split(',').map((one) => one.trim());
  return {
    locations: locations.flatMap((one) => {
      const path = one.replace(/^(?:filesystem|classpath):/, '');
      if (path === '') return [];
      return one.startsWith('classpath:') ? [`src/main/resources/${path}`, path] : [path];
    }),
    table: settings.get('table') ?? 'flyway_schema_history',
    placeholders: new Map(
      [...settings].flatMap(([key, value]) =>
        key.startsWith('placeholders.') ? [[key.slice('placeholders.'.length), value] as const] : [],
      ),
    ),
    replaces: settings.get('placeholderreplacement') !== 'false',
    prefix: settings.get('placeholderprefix') ?? '${',
    suffix: settings.get('placeholdersuffix') ?? '}',
  };
}
