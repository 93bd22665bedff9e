// In: a program of this repository's own node_modules, or node. Out: its exit code.
// Must not know: what it is for.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const suffix = process.platform === 'win32' ? '.cmd' : '';

function pathOf(name: string, folder: string): string {
  const own = join(folder, 'node_modules/.bin', name + suffix);
  return existsSync(own) ? own : name;
}

/** Runs it in this terminal. A signal counts as the exit code that a shell would give. */
export function program(name: string, args: readonly string[], folder: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const own = join(folder, 'node_modules/.bin');
  const child = spawn(pathOf(name, folder), args, {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${own}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  child.once('error', reject);
  child.once('close', (code, signal) =>
    resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
  );
  return promise;
}
