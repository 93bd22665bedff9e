// A project as a user has it: a folder whose node_modules/surefoot links to the built package.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { builtBin, builtPackage } from '../../support/built.ts';
import { root } from './markdown.ts';

/** Packages that snippets may import besides surefoot. */
const guests = [
  'pg',
  'mysql2',
  'kysely',
  'drizzle-orm',
  'sequelize',
  '@prisma/schema-engine-wasm',
  'typeorm',
  'reflect-metadata',
  '@mikro-orm/core',
  '@mikro-orm/sql',
  '@mikro-orm/postgresql',
  '@electric-sql/pglite',
  '@types/node',
  '@types/pg',
  'undici-types',
  'vitest',
];

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TempProject {
  readonly folder: string;
  write(file: string, text: string): void;
  run(command: string, args: readonly string[], folder?: string): Ran;
  remove(): void;
}

function script(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** `npx surefoot` takes the local one, as npx does, without asking npm first. */
function commands(folder: string): string {
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  script(join(bin, 'surefoot'), `exec "${process.execPath}" "${builtBin()}" "$@"`);
  script(join(bin, 'npx'), 'exec "$@"');
  return bin;
}

function environment(bin: string): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _url,
    INIT_CWD: _cwd,
    npm_package_json: _manifest,
    FORCE_COLOR: _color,
    ...rest
  } = process.env;
  return {
    ...rest,
    NO_COLOR: '1',
    PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
  };
}

export function tempProject(): TempProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'surefoot-docs-')));
  writeFileSync(join(folder, 'package.json'), '{ "name": "my-app", "type": "module", "private": true }\n');
  link(builtPackage(), join(folder, 'node_modules/surefoot'));
  for (const name of guests) link(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  const env = environment(commands(folder));
  return {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    run(command, args, inside = '.') {
      const cwd = join(folder, inside);
      const { status, stdout, stderr } = spawnSync(command, args, {
        cwd,
        env,
        encoding: 'utf8',
        timeout: 60_000,
      });
      return { status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
