// In: nothing. Out: a server of one's own, databases, folders, and the programs that are measured on them.
// Must not know what is measured.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { clientTools, privateServer } from '../test/servers/index.ts';
import type { Command } from './measure.ts';
import { measure } from './measure.ts';

export const root = join(import.meta.dirname, '..');

/** What all work is done on. */
export interface Ground {
  /** A new folder, gone in the end. */
  folder(name: string): Promise<string>;
  /** An empty database of this name, instead of what was there; `from`: a copy of another. Gives its URL. */
  database(name: string, from?: string): Promise<string>;
  urlOf(name: string): string;
  ask(database: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Surefoot as it is published. */
  surefoot(project: string, url: string, ...args: readonly string[]): Command;
  /** A program in JavaScript of the bench's own. */
  node(url: string, ...args: readonly string[]): Command;
  /** psql, told the statements of a file. */
  psql(url: string, file: string): Command;
  /** Whether the server waits for its disk at each COMMIT, as it comes, or leaves that to a better hour. */
  waitsForDisk(waits: boolean): Promise<void>;
  /** Where what Node compiled is kept; without it the next run is a first one. */
  readonly compileCache: string;
  /** True once for everything of this name. */
  once(name: string): boolean;
  close(): Promise<void>;
}

const bin = join(root, 'dist/cli/bin.js');

/** Runs a command that nobody measures. */
export async function run(command: Command, limitMs?: number): Promise<void> {
  await measure([command], { memory: false, limitMs });
}

/** A file of this text; the same text gives the same file. */
export async function textFile(folder: string, text: string): Promise<string> {
  const file = join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.sql`);
  if (!existsSync(file)) await writeFile(file, text);
  return file;
}

/** Starts everything. */
export async function openGround(): Promise<Ground> {
  if (!existsSync(bin)) throw new Error('dist/ is not there: npm run build');
  const base = await mkdtemp(join(tmpdir(), 'surefoot-bench-'));
  const temporary = join(base, 'tmp');
  await mkdir(temporary);
  const tools = await clientTools('postgres18');
  const server = await privateServer('postgres18', { durable: true });
  const done = new Set<string>();
  const urlOf = (name: string) => {
    const url = new URL(server.url);
    url.pathname = `/bench_${name}`;
    return url.href;
  };
  const asking = async (url: string, sql: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const env = (url: string) => ({ DATABASE_URL: url, TMPDIR: temporary });
  return {
    folder: async (name) => {
      const folder = join(base, name);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    database: async (name, from) => {
      await asking(server.adminUrl, `DROP DATABASE IF EXISTS bench_${name} WITH (FORCE)`);
      const template = from === undefined ? 'template0' : `bench_${from}`;
      await asking(server.adminUrl, `CREATE DATABASE bench_${name} TEMPLATE ${template} STRATEGY file_copy`);
      return urlOf(name);
    },
    urlOf,
    ask: (database, sql) => asking(urlOf(database), sql),
    surefoot: (project, url, ...args) => ({
      argv: [process.execPath, bin, ...args, '--yes'],
      cwd: project,
      env: env(url),
    }),
    node: (url, ...args) => ({ argv: [process.execPath, ...args], cwd: root, env: env(url) }),
    psql: (url, file) => ({
      argv: [...tools.argv('psql'), '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', file, url],
    }),
    waitsForDisk: async (waits) => {
      for (const name of ['fsync', 'synchronous_commit', 'full_page_writes'])
        await asking(server.adminUrl, `ALTER SYSTEM SET ${name} TO ${waits ? 'on' : 'off'}`);
      await asking(server.adminUrl, 'SELECT pg_reload_conf()');
    },
    compileCache: join(temporary, 'node-compile-cache'),
    once: (name) => !done.has(name) && done.add(name).size > 0,
    close: async () => {
      await server.stop();
      await rm(base, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
