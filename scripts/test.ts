// In: arguments for vitest; DIALECTS. Out: types, format and tests checked; the exit code of the first part that failed.
// Must not know: what is tested.

import { join } from 'node:path';
import { borrowServers, type Engine, type ServerEngine, selectedEngines } from '../test/servers/index.ts';
import { program } from './program.ts';
import { restoreManifest } from './published-manifest.ts';

const root = join(import.meta.dirname, '..');

interface Part {
  readonly name: string;
  readonly code: number;
  readonly seconds: number;
}

async function timed(name: string, work: () => Promise<number>): Promise<Part> {
  const started = performance.now();
  const code = await work();
  return { name, code, seconds: (performance.now() - started) / 1000 };
}

/** The selected engines, and the pooler that stands before one of them. */
function neededEngines(): readonly (Engine | ServerEngine)[] {
  const engines = selectedEngines();
  return engines.includes('postgres18') ? [...engines, 'pgbouncer'] : engines;
}

async function tests(args: readonly string[]): Promise<readonly Part[]> {
  const started = performance.now();
  const borrowed = await borrowServers(neededEngines());
  const seconds = (performance.now() - started) / 1000;
  try {
    const part = await timed('vitest', () => program('vitest', ['run', ...args], root));
    return [{ name: 'servers', code: 0, seconds }, part];
  } finally {
    await borrowed.release();
  }
}

function print(parts: readonly Part[]): void {
  for (const { name, code, seconds } of parts) {
    const outcome = code === 0 ? 'ok' : `failed with ${code}`;
    console.log(`${name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${outcome}`);
  }
}

async function main(args: readonly string[]): Promise<number> {
  await restoreManifest();
  // Ctrl-C reaches the running part by itself; the servers are then given back all the same.
  process.on('SIGINT', () => undefined);
  const parts = [
    await timed('types', () => program('tsc', ['--noEmit'], root)),
    await timed('page', () => program('tsc', ['--noEmit', '-p', 'src/report/page'], root)),
    await timed('lint', () => program('biome', ['check', '.'], root)),
    ...(await tests(args)),
  ];
  print(parts);
  return parts.find(({ code }) => code !== 0)?.code ?? 0;
}

process.exitCode = await main(process.argv.slice(2));
