#!/usr/bin/env node
// The command line's entry. In: the process. Out: its exit code. Must not know any verb.

import module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`error Surefoot needs Node 22.18 or newer; this is ${process.version}\n`);
  process.exit(2);
}

// Warnings of the runtime about itself are none of the user's business.
// The last one: it says that a file could not be read as CommonJS; it is read as what it is, then.
const isAboutRuntime = (warning: NodeJS.ErrnoException) =>
  warning.name === 'ExperimentalWarning' ||
  warning.code === 'MODULE_TYPELESS_PACKAGE_JSON' ||
  warning.message.startsWith('Failed to load the ES module: ');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (!isAboutRuntime(warning)) process.stderr.write(`${warning.name}: ${warning.message}\n`);
});

// Whoever reads has had enough (`surefoot history | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

// Start-up is mostly compilation. Where the cache cannot be written, there is none.
module.enableCompileCache();
const { main, processShell } = await import('./start.ts');
const exitCode = await main(processShell());
// A config or a models file may hold connections open; nothing is waited for but what was written.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
