// The programs of a family's makers, found and judged before anything runs.
// In: what is needed, where to look. Out: Toolbox, or a refusal. Must not know what they are used for.

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { platform } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { ServerFacts } from '../dialect/dialect.ts';
import type { NativeProgram, ToolBackup } from '../dialect/native-backup.ts';
import { SurefootError } from '../kernel/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where programs are looked for. */
export interface ProgramPlace {
  /** Only there; `null`: wherever PATH says. */
  readonly folder: string | null;
  /** The environment of the caller. */
  readonly env: Environment;
}

/** Programs of one folder, of one version. */
export interface Toolbox {
  readonly dumper: string;
  readonly reader: string | null;
  readonly client: string;
  /** `pg_dump 18.4`. */
  readonly title: string;
}

/** Where programs are when nobody says: a library does not read the process's environment. */
const usualPath = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin'].join(delimiter);

const pathOf = (env: Environment): string => env['PATH'] ?? env['Path'] ?? usualPath;

async function findIn(folder: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const path = join(folder, platform() === 'win32' ? `${name}.exe` : name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

async function versionText(path: string, env: Environment): Promise<string> {
  return await new Promise((done) => {
    const options = { timeout: 20_000, env: { PATH: pathOf(env), LC_ALL: 'C' } };
    // One that cannot even say its version says nothing, and does not fit.
    execFile(path, ['--version'], options, (_, stdout) => done(stdout));
  });
}

/** What was found of one folder. */
interface Found {
  readonly paths: readonly (string | null)[];
  readonly dumper: string;
  readonly version: readonly number[] | null;
  readonly text: string;
}

async function look(folder: string, wanted: ToolBackup, env: Environment): Promise<Found | null> {
  const programs = [wanted.dumper, wanted.client, ...(wanted.reader === null ? [] : [wanted.reader])];
  const paths = await Promise.all(programs.map(({ names }) => findIn(folder, names)));
  const [dumper] = paths;
  if (!dumper) return null;
  const text = await versionText(dumper, env);
  return { paths, dumper, version: wanted.dumper.readVersion(text), text: text.trim() };
}

function isOlder(version: readonly number[], facts: ServerFacts, parts: number): boolean {
  for (let i = 0; i < parts; i += 1) {
    const [own, server] = [version[i] ?? 0, facts.traits.version[i] ?? 0];
    if (own !== server) return own < server;
  }
  return false;
}

const hint = (what: string): string =>
  `${what}, put its folder on the PATH, or name the folder in SUREFOOT_CLIENT_TOOLS or in \`clientTools\` of the config. Without a backup: leave out --backup, or say --no-backup where it is the default.`;

function missing(names: readonly string[], folder: string | null): SurefootError<'backup/tool-missing'> {
  const where = folder === null ? 'on the PATH' : `in ${folder}`;
  return new SurefootError('backup/tool-missing', `there is no ${names.join(' or ')} ${where}`, {
    details: { tools: names, folder },
    hint: `Nothing was changed. ${hint("Install the database's client programs")}`,
  });
}

function unfit(found: Found, facts: ServerFacts): SurefootError<'backup/tool-version'> {
  const version = found.version?.join('.') ?? null;
  const { product } = facts;
  const problem =
    version === null
      ? `is not of the makers of ${product}: it says ${JSON.stringify(found.text.slice(0, 200))}`
      : `is of version ${version}, older than the server, ${product}`;
  return new SurefootError('backup/tool-version', `${found.dumper} ${problem}`, {
    details: { tool: found.dumper, version, server: product },
    hint: `Nothing was changed. ${hint('Install client programs at least as new as the server')}`,
  });
}

const titleOf = ({ names }: NativeProgram, version: readonly number[]): string =>
  `${names[0]} ${version.join('.')}`;

/** The programs of a folder, or why they do not do. */
function judge(found: Found, wanted: ToolBackup, facts: ServerFacts): Toolbox | SurefootError {
  const [, client, reader = null] = found.paths;
  const { version, dumper } = found;
  if (version === null || isOlder(version, facts, wanted.versionParts)) return unfit(found, facts);
  if (!client) return missing(wanted.client.names, dirname(dumper));
  if (wanted.reader !== null && reader === null) return missing(wanted.reader.names, dirname(dumper));
  return { dumper, client, reader, title: titleOf(wanted.dumper, version) };
}

/** Finds programs that fit this server; all of them in one folder, so that they are of one version. */
export async function findPrograms(
  wanted: ToolBackup,
  facts: ServerFacts,
  { folder, env }: ProgramPlace,
): Promise<Toolbox> {
  const onPath = pathOf(env).split(delimiter);
  const folders = folder === null ? onPath.filter((one) => one !== '') : [folder];
  let refusal: SurefootError | null = null;
  for (const one of folders) {
    const found = await look(one, wanted, env);
    if (found === null) continue;
    const judged = judge(found, wanted, facts);
    if (!(judged instanceof SurefootError)) return judged;
    refusal ??= judged;
  }
  throw refusal ?? missing(wanted.dumper.names, folder);
}
