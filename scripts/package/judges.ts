// In: a packed file. Out: what publint and attw have against it, nothing if all is well.
// Must not know: how it was packed.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { CommandError, run } from '../../test/servers/command.ts';

const programs = join(import.meta.dirname, '../../node_modules/.bin');

/** Only ESM is offered: what a project gets that asks by `require` is between it and its Node. */
async function attw(tarball: string): Promise<readonly string[]> {
  try {
    await run([join(programs, 'attw'), tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']);
    return [];
  } catch (error) {
    if (error instanceof CommandError) return [error.message];
    throw error;
  }
}

async function lint(tarball: string): Promise<readonly string[]> {
  const bytes = await readFile(tarball);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: buffer as ArrayBuffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`);
}

/** What is wrong with how the package presents itself to Node, to bundlers and to TypeScript. */
export async function judge(tarball: string): Promise<readonly string[]> {
  return [...(await lint(tarball)), ...(await attw(tarball))];
}
