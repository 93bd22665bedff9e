// In: an engine.
// Out: its native command-line tools, of a version that fits, whatever is installed on the machine.
// Must not know: what they are used for.

import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianProgram, installBundle } from './bundle.ts';
import type { ServerEngine } from './engines.ts';
import { exclusively } from './exclusive.ts';
import type { BundleName } from './lockfile.ts';

interface Toolbox {
  readonly bundle: BundleName;
  readonly folder: string;
  readonly programs: readonly string[];
}

const postgres = (major: 15 | 18): Toolbox => ({
  bundle: `postgres-client-${major}`,
  folder: `usr/lib/postgresql/${major}/bin`,
  programs: ['psql', 'pg_dump', 'pg_dumpall', 'pg_restore', 'pg_isready'],
});

const toolboxes = {
  // What pg_dump 17 or newer writes, a server older than 17 refuses to restore (transaction_timeout).
  postgres14: postgres(15),
  postgres18: postgres(18),
  pgbouncer: postgres(18),
  mariadb: { bundle: 'mariadb', folder: 'usr/bin', programs: ['mariadb', 'mariadb-dump', 'mariadb-admin'] },
  mysql9: { bundle: 'mysql9', folder: 'usr/bin', programs: ['mysql', 'mysqldump', 'mysqladmin'] },
  redis: { bundle: 'redis', folder: 'usr/bin', programs: ['redis-cli'] },
} as const satisfies Readonly<Record<ServerEngine, Toolbox>>;

export interface ClientTools {
  /** A folder for PATH, with one executable per tool. */
  readonly folder: string;
  /** The start of the argument list that runs a tool, by the tool's name. */
  argv(tool: string): readonly string[];
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

async function writeWrapper(path: string, argv: readonly string[]): Promise<void> {
  await writeFile(`${path}.new`, `#!/bin/sh\nexec ${argv.map(quoted).join(' ')} "$@"\n`);
  await chmod(`${path}.new`, 0o755);
  await rename(`${path}.new`, path);
}

export async function clientTools(engine: ServerEngine): Promise<ClientTools> {
  const { bundle, folder, programs }: Toolbox = toolboxes[engine];
  const installed = await installBundle(bundle);
  const wrappers = join(installed, '.tools');
  await exclusively(`client-tools-${bundle}`, async () => {
    await mkdir(wrappers, { recursive: true });
    for (const name of programs)
      await writeWrapper(join(wrappers, name), debianProgram(installed, join(folder, name)));
  });
  return {
    folder: wrappers,
    argv: (tool) => {
      if (programs.includes(tool)) return debianProgram(installed, join(folder, tool));
      throw new Error(`${engine} has no tool "${tool}"; it has ${programs.join(', ')}`);
    },
  };
}
