// A project's configuration, found, loaded and made absolute.
// In: the project folder and what the caller said. Out: Config. Must not know verbs, argv or the process.

import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { absoluteUrl } from '../drivers/connection-info.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { loadModule, moduleProblem } from '../kernel/load-module.ts';
import { nearest } from '../kernel/nearest.ts';
import { configProblem, isConfig } from './check-config.ts';
import type {
  AutogenerateConfig,
  EnvironmentConfig,
  FleetConfig,
  KeepConfig,
  LintConfig,
  NamingOption,
  OnlineConfig,
  RehearsalConfig,
  SurefootConfig,
} from './define-config.ts';

/** What the caller says. `env` are the environment variables. */
export interface LoadConfigOptions {
  readonly projectFolder: string;
  /** Relative to the project folder. Without it `surefoot.config.*` is looked for. */
  readonly configFile?: string | undefined;
  readonly environment?: string | undefined;
  /** Wins over the config's. */
  readonly url?: string | undefined;
  /** Wins over the config's. */
  readonly scratchUrl?: string | undefined;
  /** Wins over the config's. */
  readonly directUrl?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A configuration with every default filled in and every path absolute. */
export interface Config {
  readonly projectFolder: string;
  /** `null`: there is no config file, the defaults hold. */
  readonly file: string | null;
  readonly environment: string | null;
  readonly environments: readonly string[];
  readonly url: string | null;
  readonly migrations: readonly string[];
  readonly models: readonly string[];
  readonly versionTable: string;
  readonly versionNamespace: string | null;
  readonly naming: NamingOption | null;
  readonly lockTimeoutMs: number;
  readonly tableLockTimeoutMs: number;
  readonly tableLockRetries: number;
  readonly concurrentWaitMs: number;
  /** `null`: runs go where everything goes. */
  readonly directUrl: string | null;
  /** `null`: they are looked for on the PATH. */
  readonly clientTools: string | null;
  readonly scratchUrl: string | null;
  readonly ignore: readonly string[];
  readonly lint: LintConfig;
  readonly rehearsal: RehearsalConfig;
  readonly autogenerate: AutogenerateConfig;
  readonly online: OnlineConfig;
  readonly fleet: FleetConfig;
  readonly keep: boolean | KeepConfig;
}

/** The names a config file may have, in the order they are looked for. */
export const configFileNames: readonly string[] = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (extension) => `surefoot.config.${extension}`,
);

/** Where the database is when neither a config nor the environment says. */
const usualUrl = 'sqlite:./dev.db';

/** The URL: what was said, else the config's, else the environment's, else the usual one where there is no config at all. */
function urlOf(merged: SurefootConfig, file: string | null, options: LoadConfigOptions): string | null {
  const usual = file === null ? usualUrl : null;
  return options.url || merged.url || options.env['DATABASE_URL'] || usual;
}

/** How long is waited, for other runners and for others' locks. */
function waitingOf(config: SurefootConfig) {
  const { lockTimeoutMs, tableLockTimeoutMs, tableLockRetries, concurrentWaitMs } = config;
  return {
    lockTimeoutMs: lockTimeoutMs ?? 60_000,
    tableLockTimeoutMs: tableLockTimeoutMs ?? 5000,
    tableLockRetries: tableLockRetries ?? 10,
    concurrentWaitMs: concurrentWaitMs ?? 3_600_000,
  };
}

/** The way past a pooler; one that was said with a URL belongs to it, and the config's to the config's. */
function directUrlOf(merged: SurefootConfig, options: LoadConfigOptions, folder: string): string | null {
  const url = options.directUrl || (options.url ? undefined : merged.directUrl);
  return url ? absoluteUrl(url, folder) : null;
}

/** What each judge is told. */
function sectionsOf(config: SurefootConfig) {
  const { ignore = [], lint = {}, rehearsal = {}, autogenerate = {} } = config;
  const { online = {}, fleet = {}, keep = true } = config;
  return { ignore, lint, rehearsal, autogenerate, online, fleet, keep };
}

/** Loads the configuration of a project. */
export async function loadConfig(options: LoadConfigOptions): Promise<Config> {
  const projectFolder = resolve(options.projectFolder);
  const file = await findFile(projectFolder, options.configFile);
  const config = file === null ? await defaults(projectFolder) : await readConfig(file, options);
  const merged = overlay(config, options.environment);
  const scratchUrl = options.scratchUrl || merged.scratchUrl || undefined;
  const url = urlOf(merged, file, options);
  const clientTools = options.env['SUREFOOT_CLIENT_TOOLS'] || merged.clientTools;
  const paths = (value: string | readonly string[] | undefined) =>
    listOf(value).map((path) => resolve(projectFolder, path));
  return {
    projectFolder,
    file,
    environment: options.environment ?? null,
    environments: Object.keys(config.environments ?? {}),
    url: url === null ? null : absoluteUrl(url, projectFolder),
    migrations: paths(merged.migrations ?? './migrations'),
    models: paths(merged.models),
    versionTable: merged.versionTable ?? 'surefoot_version',
    versionNamespace: merged.versionNamespace ?? null,
    naming: merged.naming ?? null,
    ...waitingOf(merged),
    directUrl: directUrlOf(merged, options, projectFolder),
    clientTools: clientTools ? resolve(projectFolder, clientTools) : null,
    scratchUrl: scratchUrl === undefined ? null : absoluteUrl(scratchUrl, projectFolder),
    ...sectionsOf(merged),
  };
}

/** The URL of the database, for a verb that needs one. */
export function databaseUrl(config: Config): string {
  if (config.url !== null) return config.url;
  throw new SurefootError('config/no-database', 'no database was named', {
    details: {},
    hint: 'Give --url, put `url` into surefoot.config.ts, or set DATABASE_URL, e.g. sqlite:./dev.db',
  });
}

async function findFile(projectFolder: string, named: string | undefined): Promise<string | null> {
  if (named !== undefined) {
    const file = resolve(projectFolder, named);
    if (await exists(file)) return file;
    throw new SurefootError('config/not-found', `there is no config file ${file}`, {
      details: { file },
      hint: 'Check --config; `surefoot init` writes one.',
    });
  }
  for (const name of configFileNames) {
    const file = join(projectFolder, name);
    if (await exists(file)) return file;
  }
  return null;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw invalid(file, messageOf(error), error);
  }
}

async function defaults(projectFolder: string): Promise<SurefootConfig> {
  const models = './schema.ts';
  return (await exists(join(projectFolder, models))) ? { models } : {};
}

async function readConfig(file: string, options: LoadConfigOptions): Promise<SurefootConfig> {
  const value = file.endsWith('.json') ? await readJson(file) : await runModule(file, options);
  if (isConfig(value)) return value;
  throw invalid(file, configProblem(value) ?? 'it is not a config');
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(file, messageOf(error), error);
  }
}

async function runModule(file: string, options: LoadConfigOptions): Promise<unknown> {
  try {
    const exported = defaultExport(await loadModule(file));
    if (typeof exported !== 'function') return exported;
    return await exported({ environment: options.environment ?? null, env: options.env });
  } catch (error) {
    if (isSurefootError(error)) throw error;
    const { problem, line } = moduleProblem(error, file);
    throw invalid(file, line === null ? problem : `line ${line}: ${problem}`, error);
  }
}

/** What was compiled to CommonJS carries its default export one level down. */
function defaultExport(exports: Readonly<Record<string, unknown>>): unknown {
  const exported = exports['default'];
  const inner = typeof exported === 'object' && exported !== null && 'default' in exported;
  return inner && '__esModule' in exported ? exported.default : exported;
}

function overlay(config: SurefootConfig, environment: string | undefined): EnvironmentConfig {
  const { environments = {}, ...base } = config;
  if (environment === undefined) return base;
  const layer = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  if (layer === undefined) throw unknownEnvironment(environment, Object.keys(environments));
  const set = Object.entries(layer).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(set) };
}

function unknownEnvironment(environment: string, known: readonly string[]): SurefootError {
  const meant = nearest(environment, known);
  const list = known.length === 0 ? 'The config names no environment.' : `Known: ${known.join(', ')}.`;
  return new SurefootError(
    'config/unknown-environment',
    `there is no environment ${JSON.stringify(environment)}`,
    {
      details: { environment, known },
      hint: meant === null ? list : `Did you mean "${meant}"? ${list}`,
    },
  );
}

function invalid(file: string, problem: string, cause?: unknown): SurefootError {
  return new SurefootError('config/invalid', `${file}: ${problem}`, {
    details: { file, problem },
    hint: 'Correct the config file; the docs describe every key.',
    cause,
  });
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
