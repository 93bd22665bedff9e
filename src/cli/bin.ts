#!/usr/bin/env node
// The command line's entry. In: the process. Out: its exit code. Must not know any verb.

import module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`error Surefoot needs Node 22.18 or newer; this is ${process.version}\n`);
  process.exit(2);
}

const { emitWarning } = process;

/** Warnings of the runtime about itself are none of the user's business. */
function isAboutRuntime(args: readonly unknown[]): boolean {
  const [warning, options] = args;
  const kind = typeof options === 'object' && options !== null && 'type' in options ? options.type : options;
  const name = warning instanceof Error ? warning.name : kind;
  return name === 'ExperimentalWarning' || args.includes('MODULE_TYPELESS_PACKAGE_JSON');
}

process.emitWarning = ((...args: Parameters<typeof emitWarning>) => {
  if (!isAboutRuntime(args)) emitWarning.apply(process, args);
}) as typeof emitWarning;

// Whoever reads has had enough (`surefoot history | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

// Start-up is mostly compilation. Where the cache cannot be written, there is none.
module.enableCompileCache();
const [{ main }, { processShell }] = await Promise.all([import('./main.ts'), import('./shell.ts')]);
const exitCode = await main(processShell());
// A config or a models file may hold connections open; nothing is waited for but what was written.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
